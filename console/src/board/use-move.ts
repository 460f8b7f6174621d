import { useEdits } from '../edits/use-edits.ts'
import type { Move } from './moves.ts'

/** Moves a card: shown at once, undone with the reason where the API refuses. */
export function useMove(_sprintId: number): (move: Move) => void {
  const { edit } = useEdits()
  return ({ task, to, reason }) =>
    edit([{ task, changes: { board_status: to, ...(reason ? { blocked_reason: reason } : {}) } }])
}
