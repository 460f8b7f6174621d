import type { InputOf } from '../../commands/command.ts'
import type { updateTask } from '../../commands/tasks.ts'
import type { Task } from '../../core/entities/task.ts'
import { conflict, DomainError, invalid } from '../../core/errors.ts'
import { changesBetween } from '../../core/events/changes.ts'
import type { TaskRow } from '../../store/tasks.ts'

type Input = InputOf<typeof updateTask>
export type Wanted = Omit<Input, 'task_id' | 'override_reason' | 'expected'>
export type Expected = Input['expected']

/** Fields that a sync would set: once a person has, they are the person's. */
const heldByHand = ['title', 'priority', 'story_points', 'assignee', 'position'] as const

/** A task as somebody wants it, with what follows: its column, its reason, what is set by hand. */
export function edited(before: TaskRow, wanted: Wanted): TaskRow {
  const { labels_add = [], labels_remove = [], ...fields } = wanted
  const given = Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== undefined),
  ) as Partial<TaskRow>
  const after = { ...before, ...given }
  if (labels_add.length + labels_remove.length > 0) {
    after.labels = [...new Set([...after.labels, ...labels_add])].filter(
      (label) => !labels_remove.includes(label),
    )
    if (after.labels.length > mostLabels && after.labels.length > before.labels.length) {
      throw invalid('labels_add', 'labels', `a task has at most ${mostLabels} labels`)
    }
  }
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
  refuseOrphan(after)
  return after
}

const mostLabels = 100

/** As the database would, but for one task of many alone. */
function refuseOrphan(task: Task): void {
  const placed = task.sprint_id ?? task.protocol_run_id ?? task.spec_id
  if (placed !== null || ['backlog', 'archived'].includes(task.board_status)) return
  throw conflict(
    'no_orphan_task',
    'A task without sprint, protocol run and spec is in the backlog or archived; give it a sprint, or the status backlog.',
  )
}

export const begins = (before: Task, after: Task): boolean =>
  before.board_status !== after.board_status &&
  ['in_progress', 'review', 'testing', 'done'].includes(after.board_status)

/** What to say of a card on which work begins before others that it waits for. */
export const warningOf = (unmet: readonly string[] = []): string[] =>
  unmet.length === 0 ? [] : [`It depends on ${unmet.join(', ')}, not done yet.`]

/**
 * Keeps an edit that was made a while ago from undoing what somebody has done since. A field that
 * says already what is wanted of it is no conflict.
 * @throws DomainError `conflict` naming each field that is not as it was seen, and what it is now
 */
export function refuseOvertaken(before: TaskRow, expected: Expected, wanted: Wanted): void {
  const otherwise = changesBetween<TaskRow>(before, expected ?? {})
  if (otherwise === undefined) return
  const asWanted = changesBetween<TaskRow>(before, edited(before, wanted))
  const fields = Object.keys(otherwise.told).filter(
    (field) => !(field in wanted) || (asWanted !== undefined && field in asWanted.told),
  )
  if (fields.length === 0) return
  const now = fields.map((field) => ({
    field,
    message: `is ${JSON.stringify(otherwise.told[field]?.from)} now`,
  }))
  throw new DomainError(
    'conflict',
    'task_changed_meanwhile',
    `Somebody changed ${before.code} meanwhile: ${now.map(({ field, message }) => `${field} ${message}`).join(', ')}. Read it again, then decide which value stays.`,
    { fields: now },
  )
}
