import { createSprint as command } from '../../commands/sprints.ts'
import type { Sprint } from '../../core/entities/sprint.ts'
import { found } from '../../core/errors.ts'
import { sprintDates } from '../../core/sprint-dates.ts'
import { findProject, takeSprintNumber } from '../../store/projects.ts'
import { insertSprint } from '../../store/sprints.ts'
import { mutation } from '../mutation.ts'
import type { Work } from '../runtime.ts'

export const createSprint = mutation(command, async (work, input) => {
  return makeSprint(work, { ...input, protocol_run_id: null })
})

export interface SprintWanted {
  project_id: number
  spec_id?: number | null | undefined
  code?: string | undefined
  name: string
  goal?: string | null | undefined
  start_date?: string | null | undefined
  end_date?: string | null | undefined
  velocity_planned?: number | null | undefined
  protocol_run_id: number | null
}

/** Adds a sprint; its code is the project's slug and the next number, unless one is given. */
export async function makeSprint(work: Work, wanted: SprintWanted): Promise<Sprint> {
  const { protocol_run_id, ...given } = wanted
  const project = found(await findProject(work.tx, wanted.project_id), 'project', wanted.project_id)
  const row = sprintDates(given, project.settings)
  const numbered = found(
    await takeSprintNumber(work.tx, wanted.project_id),
    'project',
    wanted.project_id,
  )
  const code = wanted.code ?? `${numbered.slug.toUpperCase()}-S${numbered.number}`
  const sprint = await insertSprint(work.tx, { ...row, code })
  await work.record({
    type: 'sprint.created',
    entity_type: 'sprint',
    entity_id: sprint.id,
    project_id: sprint.project_id,
    sprint_id: sprint.id,
    protocol_run_id,
    payload: { code, name: sprint.name, protocol_run_id },
  })
  return sprint
}
