import type { Sprint, SprintStatus } from '../api/types.ts'

const rank: Record<SprintStatus, number> = {
  active: 0,
  planning: 1,
  completed: 2,
  failed: 3,
  archived: 4,
}

/** What is worked on first, then what comes, then what was; the newest first within each. */
export const inOrder = (sprints: readonly Sprint[]): Sprint[] =>
  sprints.toSorted((a, b) => rank[a.status] - rank[b.status] || b.id - a.id)

export const isClosed = (sprint: Sprint): boolean => rank[sprint.status] >= rank.completed
