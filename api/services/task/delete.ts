import { deleteTask as command } from '../../commands/tasks.ts'
import { found } from '../../core/errors.ts'
import { findTask, lockTask, seen } from '../../store/tasks.ts'
import { mutation } from '../mutation.ts'
import { holdSprints, refuseClosed } from '../sprint/guard.ts'
import { changeTasks } from './change.ts'
import { lockStepOf, moveLinkedCard } from './drive-step.ts'

/** Tasks are history: deleting one archives its card, and cancels a step that waits behind it. */
export const deleteTask = mutation(command, async (work, { task_id }) => {
  const known = found(await findTask(work.tx, task_id), 'task', task_id)
  const linked = await lockStepOf(work, known)
  const sprints = await holdSprints(work.tx, [known.sprint_id])
  for (const sprint of sprints.values()) refuseClosed(sprint)
  const before = found(await lockTask(work.tx, task_id), 'task', task_id)
  const wanted = { ...before, board_status: 'archived' as const }
  const after = linked ? await moveLinkedCard(work, linked, before, wanted, []) : wanted
  if (after.board_status === before.board_status) {
    work.nothingChanged()
    return seen(before)
  }
  const [saved] = await changeTasks(work, [{ before, after }], 'hand')
  return seen(found(saved, 'task', task_id))
})
