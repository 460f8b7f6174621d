import type { BoardStatus, Task } from '../api/types.ts'

export type ColumnStatus = Exclude<BoardStatus, 'archived'>

/** The columns in the order of the work. Archived cards are kept, not shown. */
export const columnOrder: readonly ColumnStatus[] = [
  'backlog',
  'todo',
  'in_progress',
  'review',
  'testing',
  'blocked',
  'done',
]

export const columnNames: Record<BoardStatus, string> = {
  backlog: 'Backlog',
  todo: 'To do',
  in_progress: 'In progress',
  review: 'Review',
  testing: 'Testing',
  blocked: 'Blocked',
  done: 'Done',
  archived: 'Archived',
}

export interface Column {
  status: ColumnStatus
  name: string
  tasks: readonly Task[]
  /** Story points of what counts: unestimated and skipped cards add nothing. */
  points: number
}

/** All columns, where the backlog stands only when it holds something. */
export function columnsFor(tasks: readonly Task[]): readonly ColumnStatus[] {
  const backlog = tasks.some(({ board_status }) => board_status === 'backlog')
  return backlog ? columnOrder : columnOrder.filter((it) => it !== 'backlog')
}

/** Cards by column, each in board order. */
export function columnsOf(tasks: readonly Task[], shown = columnsFor(tasks)): Column[] {
  const byStatus = grouped(tasks, ({ board_status }) => board_status)
  return shown.map((status) => {
    const inColumn = (byStatus.get(status) ?? []).sort(byPosition)
    return { status, name: columnNames[status], tasks: inColumn, points: pointsOf(inColumn) }
  })
}

export function grouped<K>(tasks: readonly Task[], keyOf: (task: Task) => K): Map<K, Task[]> {
  const groups = new Map<K, Task[]>()
  for (const task of tasks) {
    const key = keyOf(task)
    const group = groups.get(key)
    if (group) group.push(task)
    else groups.set(key, [task])
  }
  return groups
}

/** The columns with those of before where nothing changed, so that only the others are drawn. */
export function keepUnchanged(before: readonly Column[], now: readonly Column[]): Column[] {
  return now.map((column) => {
    const old = before.find((it) => it.status === column.status)
    const same =
      old?.tasks.length === column.tasks.length &&
      old.tasks.every((task, index) => task === column.tasks[index])
    return same ? old : column
  })
}

/** The order of a column and of the backlog, the same for everybody. */
export const byPosition = (a: Task, b: Task) => a.position - b.position || a.id - b.id

export function pointsOf(tasks: readonly Task[]): number {
  return tasks.reduce((sum, task) => sum + (task.skipped ? 0 : (task.story_points ?? 0)), 0)
}

/** How many cards each column holds. */
export function wipOf(tasks: readonly Task[]): ReadonlyMap<BoardStatus, number> {
  const counts = new Map<BoardStatus, number>()
  for (const { board_status } of tasks) {
    counts.set(board_status, (counts.get(board_status) ?? 0) + 1)
  }
  return counts
}

export interface Progress {
  /** Not archived, not skipped: the API's `total_points`. */
  total: number
  completed: number
  /** Neither done nor blocked, and begun. */
  underWay: number
  blocked: number
  /** From 0 to 1; 0 while nothing is estimated. */
  rate: number
  cards: number
  doneCards: number
}

export function progressOf(tasks: readonly Task[]): Progress {
  const shown = tasks.filter((task) => task.board_status !== 'archived')
  const inColumns = (...statuses: BoardStatus[]) =>
    shown.filter((task) => statuses.includes(task.board_status))
  const total = pointsOf(shown)
  const done = inColumns('done')
  const completed = pointsOf(done)
  return {
    total,
    completed,
    underWay: pointsOf(inColumns('in_progress', 'review', 'testing')),
    blocked: pointsOf(inColumns('blocked')),
    rate: total === 0 ? 0 : completed / total,
    cards: shown.length,
    doneCards: done.length,
  }
}
