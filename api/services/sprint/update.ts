import { updateSprint as command } from '../../commands/sprints.ts'
import { found } from '../../core/errors.ts'
import { sprintDates } from '../../core/sprint-dates.ts'
import { findProject } from '../../store/projects.ts'
import { lockSprint, updateSprint as save } from '../../store/sprints.ts'
import { mutation } from '../mutation.ts'
import { saveChanges } from '../save-changes.ts'
import { overridesEnd } from './guard.ts'

export const updateSprint = mutation(command, async (work, input) => {
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
})
