import { updateSprint as command } from '../../commands/sprints.ts'
import { found } from '../../core/errors.ts'
import { changesBetween } from '../../core/events/changes.ts'
import { lockSprint, updateSprint as save } from '../../store/sprints.ts'
import { mutation } from '../mutation.ts'
import { overridesEnd } from './guard.ts'

export const updateSprint = mutation(command, async (work, input) => {
  const { sprint_id, override_reason, ...wanted } = input
  const before = found(await lockSprint(work.tx, sprint_id), 'sprint', sprint_id)
  const overridden = overridesEnd(before, work.caller, override_reason)
  const changes = changesBetween(before, wanted)
  if (!changes) {
    work.nothingChanged()
    return before
  }
  const after = await save(work.tx, sprint_id, changes.values)
  if (overridden) {
    await work.record({
      type: 'sprint.overridden',
      entity_type: 'sprint',
      entity_id: sprint_id,
      project_id: before.project_id,
      sprint_id,
      payload: { reason: override_reason ?? '' },
    })
  }
  await work.record({
    type: 'sprint.updated',
    entity_type: 'sprint',
    entity_id: sprint_id,
    project_id: before.project_id,
    sprint_id,
    payload: { changes: changes.told },
  })
  return after
})
