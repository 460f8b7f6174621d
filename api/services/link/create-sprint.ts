import { createSprintFromProtocol as command } from '../../commands/links.ts'
import { found } from '../../core/errors.ts'
import { endAfter } from '../../core/sprint-dates.ts'
import { nowOf } from '../../store/database.ts'
import { findProject } from '../../store/projects.ts'
import { lockProtocol } from '../../store/protocols.ts'
import { findSprint } from '../../store/sprints.ts'
import { refuseWhileOff } from '../integration.ts'
import { mutation } from '../mutation.ts'
import { makeSprint } from '../sprint/create.ts'
import { linkRun } from './link.ts'
import { syncRun } from './sync.ts'

/** Sprint, link and cards commit together: a repeat finds the same sprint, never half of one. */
export const createSprintFromProtocol = mutation(command, async (work, input) => {
  const run = found(await lockProtocol(work.tx, input.protocol_id), 'protocol', input.protocol_id)
  await refuseWhileOff(work, run.project_id)
  if (run.linked_sprint_id !== null) {
    work.nothingChanged()
    return found(await findSprint(work.tx, run.linked_sprint_id), 'sprint', run.linked_sprint_id)
  }
  const project = found(await findProject(work.tx, run.project_id), 'project', run.project_id)
  const start = input.start_date ?? (await nowOf(work.tx))
  const days = project.settings.sprint_days ?? 14
  const sprint = await makeSprint(work, {
    project_id: run.project_id,
    spec_id: run.spec_id,
    name: input.sprint_name ?? `${run.protocol_name} Sprint`,
    start_date: start,
    end_date: input.end_date ?? endAfter(start, days),
    protocol_run_id: run.id,
  })
  const linked = await linkRun(work, run, sprint)
  if (input.auto_sync) await syncRun(work, linked, sprint.id, true)
  return sprint
})
