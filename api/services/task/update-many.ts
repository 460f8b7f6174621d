import { updateTasks as command } from '../../commands/tasks.ts'
import { mutation } from '../mutation.ts'
import { editTasks } from './edit-many.ts'

export const updateTasks = mutation(command, async (work, { task_ids, changes, expected }) => {
  const { updated, refused, warnings } = await editTasks(work, task_ids, () => changes, expected)
  return {
    updated,
    refused: refused.map(({ task_id, error: { code, rule, message } }) => ({
      task_id,
      code,
      rule,
      detail: message,
    })),
    warnings,
  }
})
