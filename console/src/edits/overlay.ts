import type { Task } from '../api/types.ts'
import { applyChanges } from './changes.ts'
import type { Entry } from './entry.ts'

/**
 * A list with the edits on their way laid over it: changed, gone from it, or new in it. The cache
 * keeps what the server said, so a refusal is undone by the edit's end alone, whatever arrived in
 * between. Tasks without an edit stay the same objects.
 */
export function overlay(
  tasks: readonly Task[],
  entries: readonly Entry[],
  holds: (task: Task) => boolean,
): readonly Task[] {
  if (entries.length === 0) return tasks
  const known = new Map(tasks.map((task) => [task.id, task]))
  const edited = new Map<number, Task>()
  for (const { items } of entries) {
    for (const { task, changes } of items) {
      const current = edited.get(task.id) ?? known.get(task.id) ?? task
      edited.set(task.id, applyChanges(current, changes))
    }
  }
  const shown = tasks.flatMap((task) => {
    const now = edited.get(task.id)
    if (now === undefined) return [task]
    return holds(now) ? [now] : []
  })
  const arrived = [...edited.values()].filter((task) => !known.has(task.id) && holds(task))
  return [...shown, ...arrived]
}

/** One task with the edits on their way. */
export const overlaid = (task: Task, entries: readonly Entry[]): Task =>
  overlay([task], entries, () => true).find(({ id }) => id === task.id) ?? task
