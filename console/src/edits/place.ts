import type { Task } from '../api/types.ts'
import { byPosition } from '../board/columns.ts'
import type { Beside } from './entry.ts'

const inListOf = (all: readonly Task[], task: Task, without: readonly Task[]): Task[] => {
  const gone = new Set(without.map(({ id }) => id))
  const list = all.filter(
    (it) =>
      it.project_id === task.project_id && it.sprint_id === task.sprint_id && !gone.has(it.id),
  )
  return list.toSorted(byPosition)
}

/** Beside what a task stands in its list, so that it can be put back there. */
export function neighbours(all: readonly Task[], task: Task, moved: readonly Task[]): Beside {
  const list = inListOf(all, task, moved)
  const next = list.find((it) => byPosition(task, it) < 0)
  if (next) return { before: next.id }
  const last = list.at(-1)
  return last ? { after: last.id } : {}
}

/** Where tasks stand until the server has given them their positions: between their neighbours. */
export function provisional(
  all: readonly Task[],
  tasks: readonly Task[],
  before: Task | undefined,
  after: Task | undefined,
): number[] {
  const anchor = before ?? after
  const [first] = tasks
  const list = anchor ? inListOf(all, anchor, tasks) : first ? inListOf(all, first, tasks) : []
  const at = list.findIndex(({ id }) => id === anchor?.id)
  const [lower, upper] =
    at < 0
      ? [anchor ?? list.at(-1), undefined]
      : after
        ? [list[at], list[at + 1]]
        : [list[at - 1], list[at]]
  const from = lower?.position ?? (upper?.position ?? 0) - 1
  const to = Math.max(from, upper?.position ?? from + 1)
  return tasks.map((_, index) => from + ((to - from) * (index + 1)) / (tasks.length + 1))
}
