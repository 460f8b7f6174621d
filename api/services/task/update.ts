import { updateTask as command } from '../../commands/tasks.ts'
import { found } from '../../core/errors.ts'
import { changesBetween } from '../../core/events/changes.ts'
import { unmetDependencies } from '../../store/dependencies.ts'
import { seen, type TaskRow } from '../../store/tasks.ts'
import { supersedeByFile } from '../conflict/supersede.ts'
import { mutation } from '../mutation.ts'
import { changeTasks } from './change.ts'
import { moveLinkedCard } from './drive-step.ts'
import { lockEditable } from './editable.ts'
import { begins, edited, refuseOvertaken, warningOf } from './edited.ts'

export const updateTask = mutation(command, async (work, input) => {
  const { task_id, override_reason, expected, ...wanted } = input
  const { before, linked } = await lockEditable(work, task_id, {
    target: wanted.sprint_id ?? null,
    overrideReason: override_reason,
  })
  refuseOvertaken(before, expected, wanted)

  const warnings: string[] = []
  let after = edited(before, wanted)
  if (after.board_status !== before.board_status) {
    if (linked) after = await moveLinkedCard(work, linked, before, after, warnings)
    if (begins(before, after)) {
      const unmet = await unmetDependencies(work.tx, [task_id])
      warnings.push(...warningOf(unmet.get(task_id)))
    }
  }
  if (changesBetween<TaskRow>(before, after) === undefined) {
    if (warnings.length === 0) work.nothingChanged()
    return { ...seen(before), warnings }
  }
  const [saved] = await changeTasks(work, [{ before, after }], 'hand')
  if (before.spec_id !== null) await supersedeByFile(work, [task_id])
  return { ...seen(found(saved, 'task', task_id)), warnings }
})
