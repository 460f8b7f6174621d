import { cardMove } from '../card-moves.ts'
import type { StepStatus } from '../entities/protocol.ts'
import type { BoardStatus } from '../entities/task.ts'
import { type CardState, cardOf } from '../status.ts'
import { transitions } from '../step-actions.ts'

export interface SettledPair {
  card: CardState
  step: StepStatus
  /** They disagreed, and the step has won. */
  clash: boolean
}

/**
 * One state for a step and a card that were never kept together. A card that still waits has no
 * view of its own and follows. A step that never began follows a card that somebody moved; any
 * other has a view, and wins: who moved the card, and whether anybody did, was not written down.
 */
export function settlePair(step: StepStatus, card: BoardStatus): SettledPair {
  const follows = { card: cardOf({ status: step, status_reason: null }), step, clash: false }
  if (card === 'todo' || card === 'backlog') return follows
  if (follows.card.board_status === card) return follows
  const move = cardMove(step, card)
  if (step !== 'pending' || move.kind === 'clash') return { ...follows, clash: true }
  if (move.kind === 'drives') {
    const status = transitions[move.action].to
    return { card: cardOf({ status, status_reason: null }), step: status, clash: false }
  }
  return { ...follows, card: { ...follows.card, board_status: card } }
}
