import { updateView as command } from '../../commands/views.ts'
import { changesBetween } from '../../core/events/changes.ts'
import { updateView as save } from '../../store/views.ts'
import { mutation } from '../mutation.ts'
import { lockOwnView } from './own.ts'

export const updateView = mutation(command, async (work, { view_id, ...wanted }) => {
  const before = await lockOwnView(work, view_id)
  const changes = changesBetween(before, wanted)
  if (!changes) {
    work.nothingChanged()
    return before
  }
  const after = await save(work.tx, view_id, changes.values)
  await work.record({
    type: 'view.updated',
    entity_type: 'view',
    entity_id: view_id,
    project_id: after.project_id,
    payload: { changes: changes.told },
  })
  return after
})
