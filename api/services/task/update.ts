import type { InputOf } from '../../commands/command.ts'
import { updateTask as command } from '../../commands/tasks.ts'
import { found } from '../../core/errors.ts'
import { changesBetween } from '../../core/events/changes.ts'
import { unmetDependencies } from '../../store/dependencies.ts'
import { seen, type TaskRow } from '../../store/tasks.ts'
import { supersedeByFile } from '../conflict/supersede.ts'
import { mutation } from '../mutation.ts'
import type { Work } from '../runtime.ts'
import { changeTasks } from './change.ts'
import { moveLinkedCard } from './drive-step.ts'
import { lockEditable } from './editable.ts'

type Wanted = Omit<InputOf<typeof command>, 'task_id' | 'override_reason'>

export const updateTask = mutation(command, async (work, input) => {
  const { task_id, override_reason, ...wanted } = input
  const { before, linked } = await lockEditable(work, task_id, {
    target: wanted.sprint_id ?? null,
    overrideReason: override_reason,
  })

  const warnings: string[] = []
  let after = edited(before, wanted)
  if (after.board_status !== before.board_status) {
    if (linked) after = await moveLinkedCard(work, linked, before, after, warnings)
    await warnOfDependencies(work, before, after, warnings)
  }
  if (changesBetween<TaskRow>(before, after) === undefined) {
    if (warnings.length === 0) work.nothingChanged()
    return { ...seen(before), warnings }
  }
  const [saved] = await changeTasks(work, [{ before, after }], 'hand')
  if (before.spec_id !== null) await supersedeByFile(work, [task_id])
  return { ...seen(found(saved, 'task', task_id)), warnings }
})

/** Fields that a sync would set: once a person has, they are the person's. */
const heldByHand = ['title', 'priority', 'story_points', 'assignee'] as const

function edited(before: TaskRow, wanted: Wanted): TaskRow {
  const given = Object.fromEntries(
    Object.entries(wanted).filter(([, value]) => value !== undefined),
  ) as Partial<TaskRow>
  const after = { ...before, ...given }
  const held = heldByHand.filter((field) => field in given && after[field] !== before[field])
  after.hand_set = [...new Set([...before.hand_set, ...held])]

  const left = before.sprint_id !== null && after.sprint_id === null
  const joined = before.sprint_id === null && after.sprint_id !== null
  if (given.board_status === undefined) {
    if (left && after.board_status !== 'done') after.board_status = 'backlog'
    if (joined && after.board_status === 'backlog') after.board_status = 'todo'
  }
  if (after.board_status !== before.board_status) {
    after.skipped = false
    if (after.board_status !== 'blocked') after.blocked_reason = null
  }
  return after
}

async function warnOfDependencies(
  work: Work,
  before: TaskRow,
  after: TaskRow,
  warnings: string[],
): Promise<void> {
  const begins = ['in_progress', 'review', 'testing', 'done'].includes(after.board_status)
  if (!begins || after.board_status === before.board_status) return
  const unmet = await unmetDependencies(work.tx, before.id)
  if (unmet.length > 0) warnings.push(`It depends on ${unmet.join(', ')}, not done yet.`)
}
