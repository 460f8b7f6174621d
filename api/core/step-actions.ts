import type { StepStatus } from './entities/protocol.ts'
import type { BoardStatus } from './entities/task.ts'
import type { EventType } from './events/catalogue.ts'

/** Events that tell of a step's new status; the others tell of its plan and products. */
export type StepEvent = Exclude<
  EventType & `step.${string}`,
  'step.updated' | 'step.deleted' | 'step.artifact_added'
>

export interface Transition {
  /** Statuses the action may begin from. */
  from: readonly StepStatus[]
  to: StepStatus
  event: StepEvent
}

const open: readonly StepStatus[] = ['pending', 'running', 'needs_qa', 'blocked']

/** What each action on a step does. `complete` of a running step that asks for QA goes there. */
export const transitions = {
  start: { from: ['pending'], to: 'running', event: 'step.started' },
  'submit-qa': { from: ['running'], to: 'needs_qa', event: 'step.qa_submitted' },
  complete: { from: ['pending', 'running', 'needs_qa'], to: 'completed', event: 'step.completed' },
  fail: { from: ['pending', 'running', 'needs_qa'], to: 'failed', event: 'step.failed' },
  block: { from: ['pending', 'running', 'needs_qa'], to: 'blocked', event: 'step.blocked' },
  timeout: { from: ['running', 'needs_qa'], to: 'timeout', event: 'step.timed_out' },
  skip: { from: [...open, 'failed', 'timeout'], to: 'skipped', event: 'step.skipped' },
  cancel: { from: [...open, 'failed', 'timeout'], to: 'cancelled', event: 'step.cancelled' },
  retry: {
    from: ['failed', 'timeout', 'blocked', 'cancelled', 'skipped', 'completed', 'needs_qa'],
    to: 'pending',
    event: 'step.retried',
  },
} as const satisfies Record<string, Transition>
export type StepAction = keyof typeof transitions

/** An agent that ran a step by hand has let go of it: it is queued again. */
export const requeue: Transition = { from: ['running'], to: 'pending', event: 'step.retried' }

/**
 * What it means for a running step that the agent who runs it, having claimed its card, moves the
 * card: nobody else knows better. Undefined where it means nothing.
 */
export function claimantMove(
  step: { status: StepStatus; qa_required: boolean },
  to: BoardStatus,
): Transition | undefined {
  if (step.status !== 'running') return undefined
  switch (to) {
    case 'done':
      return transitionOf('complete', step)
    case 'review':
    case 'testing':
      return transitions['submit-qa']
    case 'blocked':
      return transitions.block
    case 'todo':
    case 'backlog':
      return requeue
    default:
      return undefined
  }
}

/** The transition an action means for a step that may ask for QA before it counts as completed. */
export function transitionOf(
  action: StepAction,
  step: { status: StepStatus; qa_required: boolean },
): Transition {
  const asksForQa = action === 'complete' && step.qa_required && step.status === 'running'
  return transitions[asksForQa ? 'submit-qa' : action]
}
