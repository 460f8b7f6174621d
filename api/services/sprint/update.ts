import { updateSprint as command } from '../../commands/sprints.ts'
import { found } from '../../core/errors.ts'
import { changesBetween } from '../../core/events/changes.ts'
import { lockSprint, updateSprint as save } from '../../store/sprints.ts'
import { mutation } from '../mutation.ts'
import { refuseClosed } from './guard.ts'

export const updateSprint = mutation(command, async (work, { sprint_id, ...wanted }) => {
  const before = found(await lockSprint(work.tx, sprint_id), 'sprint', sprint_id)
  refuseClosed(before)
  const changes = changesBetween(before, wanted)
  if (!changes) {
    work.nothingChanged()
    return before
  }
  const after = await save(work.tx, sprint_id, changes.values)
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
