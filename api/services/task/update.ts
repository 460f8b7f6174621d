import type { InputOf, OutputOf } from '../../commands/command.ts'
import { updateTask as command } from '../../commands/tasks.ts'
import { found } from '../../core/errors.ts'
import { changesBetween } from '../../core/events/changes.ts'
import { supersedeByFile } from '../../store/conflicts.ts'
import { unmetDependencies } from '../../store/dependencies.ts'
import { seen, type TaskRow } from '../../store/tasks.ts'
import { tellResolved } from '../conflict/supersede.ts'
import { mutation } from '../mutation.ts'
import type { Work } from '../runtime.ts'
import { changeTasks } from './change.ts'
import { moveLinkedCard } from './drive-step.ts'
import { lockEditable } from './editable.ts'
import { begins, edited, refuseOvertaken, warningOf } from './edited.ts'

export const updateTask = mutation(command, (work, input) => editTask(work, input))

/** Changes a task by hand, moves its card and says what that did in spite of. */
export async function editTask(
  work: Work,
  input: InputOf<typeof command>,
): Promise<OutputOf<typeof command>> {
  const { task_id, override_reason, expected, ...wanted } = input
  const { before, linked } = await lockEditable(work, task_id, {
    target: wanted.sprint_id ?? null,
    overrideReason: override_reason,
  })
  refuseOvertaken(before, expected, wanted)

  const warnings: string[] = []
  let after = edited(before, wanted)
  if (linked && after.board_status !== before.board_status) {
    after = await moveLinkedCard(work, linked, before, after, warnings)
  }
  if (changesBetween<TaskRow>(before, after) === undefined) {
    if (warnings.length === 0) work.nothingChanged()
    return { ...seen(before), warnings }
  }
  // Asked at once, and done in this order: which conflicts are over is seen of the saved task.
  const [unmet, [saved], resolved] = await Promise.all([
    begins(before, after) ? unmetDependencies(work.tx, [task_id]) : undefined,
    changeTasks(work, [{ before, after }], 'hand'),
    before.spec_id === null
      ? []
      : supersedeByFile(work.tx, [task_id], 'superseded', work.caller.actor),
  ])
  warnings.push(...warningOf(unmet?.get(task_id)))
  await tellResolved(work, resolved)
  return { ...seen(found(saved, 'task', task_id)), warnings }
}
