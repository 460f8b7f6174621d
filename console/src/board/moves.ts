import type { Task } from '../api/types.ts'
import type { ColumnStatus } from './columns.ts'

export interface Move {
  task: Task
  to: ColumnStatus
  /** Why it is blocked, where it goes there. */
  reason?: string | undefined
}

/**
 * The cards with the moves that are on their way laid over them. The cache keeps what the server
 * said, so a refusal is undone by the move's end alone, whatever arrived in between.
 */
export function overlayMoves(tasks: readonly Task[], moves: readonly Move[]): readonly Task[] {
  if (moves.length === 0) return tasks
  const latest = new Map(moves.map((move) => [move.task.id, move]))
  return tasks.map((task) => {
    const move = latest.get(task.id)
    if (move === undefined || task.board_status === move.to) return task
    const blocked_reason = move.to === 'blocked' ? (move.reason ?? null) : null
    return { ...task, board_status: move.to, skipped: false, blocked_reason }
  })
}
