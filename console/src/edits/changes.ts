import type { Task } from '../api/types.ts'

/** What of a task a person can set. */
export const fields = [
  'title',
  'description',
  'type',
  'sprint_id',
  'board_status',
  'blocked_reason',
  'priority',
  'story_points',
  'labels',
  'acceptance_criteria',
  'assignee',
  'due_date',
  'position',
] as const
export type Field = (typeof fields)[number]
export type Values = Partial<Pick<Task, Field>>

/** The body of PATCH /tasks/:id. Labels that are added or removed leave the others alone. */
export interface TaskChanges extends Values {
  labels_add?: readonly string[]
  labels_remove?: readonly string[]
}

export interface TaskEdit {
  /** As the person saw it. */
  task: Task
  changes: TaskChanges
}

/** A task with an edit on it: what the API makes of the same changes, as far as it can be known. */
export function applyChanges(task: Task, changes: TaskChanges): Task {
  const { labels_add = [], labels_remove = [], ...values } = changes
  const after: Task = { ...task, ...values }
  if (labels_add.length + labels_remove.length > 0) {
    after.labels = [...new Set([...after.labels, ...labels_add])].filter(
      (label) => !labels_remove.includes(label),
    )
  }
  if (values.board_status === undefined) {
    const left = task.sprint_id !== null && after.sprint_id === null
    const joined = task.sprint_id === null && after.sprint_id !== null
    if (left && after.board_status !== 'done') after.board_status = 'backlog'
    if (joined && after.board_status === 'backlog') after.board_status = 'todo'
  }
  if (after.board_status !== task.board_status) {
    after.skipped = false
    if (after.board_status !== 'blocked') after.blocked_reason = null
  }
  return after
}

export const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b)

/** The fields in which two states of a task differ, as they are in the first. */
export function differences(of: Task, from: Task): Values {
  return Object.fromEntries(
    fields.filter((field) => !same(of[field], from[field])).map((field) => [field, of[field]]),
  )
}

/** What the API is to find as it was seen. The order of cards is nobody's to lose. */
export const seenOf = ({ task, changes }: TaskEdit): Values =>
  Object.fromEntries(
    fields
      .filter((field) => field in changes && field !== 'position')
      .map((field) => [field, task[field]]),
  )
