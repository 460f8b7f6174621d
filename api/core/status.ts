import type { ProtocolStatus, StepStatus } from './entities/protocol.ts'
import type { BoardStatus } from './entities/task.ts'

/** Where a card stands while its step has a status. */
const boardOf: Record<StepStatus, BoardStatus> = {
  pending: 'todo',
  running: 'in_progress',
  needs_qa: 'review',
  completed: 'done',
  skipped: 'done',
  failed: 'blocked',
  timeout: 'blocked',
  blocked: 'blocked',
  cancelled: 'archived',
}

export interface CardState {
  board_status: BoardStatus
  skipped: boolean
  blocked_reason: string | null
}

/** The state of the card of a step; a deleted step archives its card whatever it was doing. */
export function cardOf(step: {
  status: StepStatus
  status_reason: string | null
  deleted_at?: string | null
}): CardState {
  const board_status = step.deleted_at ? 'archived' : boardOf[step.status]
  return {
    board_status,
    skipped: step.status === 'skipped',
    blocked_reason:
      board_status === 'blocked' ? (step.status_reason ?? `The step is ${step.status}.`) : null,
  }
}

const satisfied: readonly StepStatus[] = ['completed', 'skipped']
const ended: readonly StepStatus[] = ['completed', 'skipped', 'failed', 'timeout', 'cancelled']

/** May the steps that depend on this one start? */
export const satisfiesDependants = (status: StepStatus) => satisfied.includes(status)
export const hasEnded = (status: StepStatus) => ended.includes(status)

/**
 * A protocol run's status follows from its steps, except where somebody has said otherwise:
 * paused and cancelled stay until they are lifted, and a run without steps is being planned.
 * `steps` may name each status once only.
 */
export function protocolStatusOf(
  current: ProtocolStatus,
  steps: readonly StepStatus[],
): ProtocolStatus {
  if (current === 'cancelled' || current === 'paused') return current
  const any = (...wanted: StepStatus[]) => steps.some((status) => wanted.includes(status))
  if (steps.length === 0) return current === 'running' ? 'planned' : current
  if (any('running')) return 'running'
  if (any('failed', 'timeout')) return 'failed'
  if (any('blocked')) return 'blocked'
  if (any('needs_qa')) return 'needs_qa'
  if (!any('pending')) {
    return steps.every((status) => status === 'cancelled') ? 'cancelled' : 'completed'
  }
  return any('completed', 'skipped') || current === 'running' ? 'running' : 'planned'
}
