import type { Task } from '../api/types.ts'
import { byPosition } from '../scrum/columns.ts'
import type { Beside } from './entry.ts'

interface List {
  project_id: number
  sprint_id: number | null
}

const inListOf = (all: readonly Task[], list: List, without: readonly Task[]): Task[] => {
  const gone = new Set(without.map(({ id }) => id))
  return all
    .filter(
      (it) =>
        it.project_id === list.project_id && it.sprint_id === list.sprint_id && !gone.has(it.id),
    )
    .toSorted(byPosition)
}

/** Beside what each of these tasks stands in its list, so that it can be put back there. */
export function neighboursAmong(
  all: readonly Task[],
  moved: readonly Task[],
): (task: Task) => Beside {
  const lists = new Map<number | null, Task[]>()
  return (task) => {
    const list = lists.get(task.sprint_id) ?? inListOf(all, task, moved)
    lists.set(task.sprint_id, list)
    const next = list.find((it) => byPosition(task, it) < 0)
    if (next) return { before: next.id }
    const last = list.at(-1)
    return last ? { after: last.id } : {}
  }
}

interface Wanted {
  before?: Task | undefined
  after?: Task | undefined
  /** The list they go to, where they leave their own for the end of another. */
  sprintId?: number | null | undefined
}

/** Where tasks stand until the server has given them their positions: between their neighbours. */
export function provisional(
  all: readonly Task[],
  tasks: readonly Task[],
  { before, after, sprintId }: Wanted,
): number[] {
  const anchor = before ?? after
  const [first] = tasks
  const own = anchor ?? first
  if (own === undefined) return []
  const goesTo = anchor === undefined && sprintId !== undefined ? sprintId : own.sprint_id
  const list = inListOf(all, { project_id: own.project_id, sprint_id: goesTo }, tasks)
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
