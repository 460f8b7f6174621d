import type { InputOf } from '../../commands/command.ts'
import { updateSprint as command } from '../../commands/sprints.ts'
import type { Sprint } from '../../core/entities/sprint.ts'
import { found } from '../../core/errors.ts'
import { sprintDates } from '../../core/sprint-dates.ts'
import { findProject } from '../../store/projects.ts'
import { lockSprint, updateSprint as save } from '../../store/sprints.ts'
import { mutation } from '../mutation.ts'
import type { Work } from '../runtime.ts'
import { saveChanges } from '../save-changes.ts'
import { overridesEnd } from './guard.ts'

export const updateSprint = mutation(command, (work, input) => changeSprint(work, input))

/** Changes what a sprint is, by hand or by its file. */
export async function changeSprint(work: Work, input: InputOf<typeof command>): Promise<Sprint> {
  const { sprint_id, override_reason, ...given } = input
  const sprint = found(await lockSprint(work.tx, sprint_id), 'sprint', sprint_id)
  const project = await findProject(work.tx, sprint.project_id)
  const wanted = sprintDates(given, project?.settings ?? {})
  const overridden = overridesEnd(sprint, work.caller, override_reason)
  const about = {
    entity_type: 'sprint',
    entity_id: sprint_id,
    project_id: sprint.project_id,
    sprint_id,
  }
  const reason = override_reason ?? ''
  return saveChanges(work, sprint, wanted, save, (changes) => [
    ...(overridden ? [{ ...about, type: 'sprint.overridden' as const, payload: { reason } }] : []),
    { ...about, type: 'sprint.updated', payload: { changes } },
  ])
}
