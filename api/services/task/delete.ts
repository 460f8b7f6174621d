import { deleteTask as command } from '../../commands/tasks.ts'
import { found } from '../../core/errors.ts'
import { seen } from '../../store/tasks.ts'
import { mutation } from '../mutation.ts'
import { changeTasks } from './change.ts'
import { moveLinkedCard } from './drive-step.ts'
import { lockEditable } from './editable.ts'

/** Tasks are history: deleting one archives its card, and cancels a step that waits behind it. */
export const deleteTask = mutation(command, async (work, { task_id, override_reason }) => {
  const { before, linked } = await lockEditable(work, task_id, { overrideReason: override_reason })
  const wanted = { ...before, board_status: 'archived' as const }
  const after = linked ? await moveLinkedCard(work, linked, before, wanted, []) : wanted
  if (after.board_status === before.board_status) {
    work.nothingChanged()
    return seen(before)
  }
  const [saved] = await changeTasks(work, [{ before, after }], 'hand')
  return seen(found(saved, 'task', task_id))
})
