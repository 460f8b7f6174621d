import type { StepStatus } from './entities/protocol.ts'
import type { BoardStatus } from './entities/task.ts'
import { cardOf } from './status.ts'
import type { StepAction } from './step-actions.ts'

/**
 * What a card moved by hand means for its step: an action that makes the step follow, nothing
 * where the step has no view on it, or a disagreement, which the step wins.
 */
export type CardMove = { kind: 'drives'; action: StepAction } | { kind: 'free' } | { kind: 'clash' }

/** Steps that have a view of their own: they are being worked on, or ended as they are. */
const decided: readonly StepStatus[] = ['running', 'needs_qa', 'completed', 'skipped', 'cancelled']
/** Ended, but not for good: done, queued again or given up they may be; at work they are not. */
const stopped: readonly StepStatus[] = ['failed', 'timeout']

export function cardMove(step: StepStatus, to: BoardStatus): CardMove {
  if (cardOf({ status: step, status_reason: null }).board_status === to) return { kind: 'free' }
  if (decided.includes(step)) return { kind: 'clash' }
  switch (to) {
    case 'done':
      return { kind: 'drives', action: 'complete' }
    case 'todo':
      return { kind: 'drives', action: 'retry' }
    case 'in_progress':
      return stopped.includes(step) ? { kind: 'clash' } : { kind: 'drives', action: 'start' }
    case 'review':
    case 'testing':
      return { kind: stopped.includes(step) ? 'clash' : 'free' }
    case 'blocked':
      return { kind: 'drives', action: 'block' }
    case 'archived':
      return { kind: 'drives', action: 'cancel' }
    default:
      return { kind: 'free' }
  }
}
