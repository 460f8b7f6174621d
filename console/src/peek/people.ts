import type { Task } from '../api/types.ts'

/** Who is known to have cards, and whoever looks; for suggestions. */
export const projectPeople = (tasks: readonly Task[], me: string | undefined): string[] =>
  [...new Set([...(me ? [me] : []), ...tasks.flatMap((task) => task.assignee ?? [])])].sort()
