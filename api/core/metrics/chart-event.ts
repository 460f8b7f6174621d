import type { BoardStatus } from '../entities/task.ts'

/** The events that move a chart. What the others tell can be forgotten without changing one. */
export const chartEventTypes = [
  'task.created',
  'task.status_changed',
  'task.estimated',
  'task.added_to_sprint',
  'task.removed_from_sprint',
  'sprint.started',
  'sprint.completed',
  'sprint.failed',
  'sprint.archived',
  'sprint.reopened',
] as const
export type ChartEventType = (typeof chartEventTypes)[number]

/**
 * What a chart needs of an event. Those of one task, or of one sprint, are in the order of their
 * ids. A field that its type does not tell is null.
 */
export interface ChartEvent {
  type: ChartEventType
  /** The task, or the sprint for `sprint.*`. */
  entity_id: number
  /** Milliseconds since 1970. */
  at: number
  /** `task.status_changed`: what the card was before. */
  from_status: BoardStatus | null
  /** The card after the event; not told by `task.estimated` and `task.removed_from_sprint`. */
  board_status: BoardStatus | null
  skipped: boolean
  /** The card's estimate after the event. */
  story_points: number | null
  /** When work on the card began; of `sprint.started`, when the sprint did. */
  started_at: string | null
  /** When the card was done; null where it is not, or was before anybody saw it. */
  completed_at: string | null
  /** `sprint.started`: the end planned then. */
  end_date: string | null
}
