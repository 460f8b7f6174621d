import { deleteView as command } from '../../commands/views.ts'
import { deleteView as remove } from '../../store/views.ts'
import { mutation } from '../mutation.ts'
import { lockOwnView } from './own.ts'

export const deleteView = mutation(command, async (work, { view_id }) => {
  const view = await lockOwnView(work, view_id)
  await remove(work.tx, view_id)
  await work.record({
    type: 'view.deleted',
    entity_type: 'view',
    entity_id: view_id,
    project_id: view.project_id,
    payload: { name: view.name },
  })
  return view
})
