import type { StepStatus } from './entities/protocol.ts'
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

/** The transition an action means for a step that may ask for QA before it counts as completed. */
export function transitionOf(
  action: StepAction,
  step: { status: StepStatus; qa_required: boolean },
): Transition {
  const asksForQa = action === 'complete' && step.qa_required && step.status === 'running'
  return transitions[asksForQa ? 'submit-qa' : action]
}
