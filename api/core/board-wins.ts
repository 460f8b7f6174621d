import { cardMove } from './card-moves.ts'
import type { StepStatus } from './entities/protocol.ts'
import type { BoardStatus } from './entities/task.ts'
import { type StepAction, transitions } from './step-actions.ts'

/** The action that alone brings a step to where its card is wanted. */
const straight: Partial<Record<BoardStatus, StepAction>> = {
  backlog: 'retry',
  todo: 'retry',
  in_progress: 'start',
  review: 'submit-qa',
  blocked: 'block',
  done: 'complete',
  archived: 'cancel',
}

/**
 * The fewest actions by which a step follows a card although it had a view of its own, for somebody
 * who decides for the board. None where nothing has to move; null where no action leads there, such
 * as back to the queue from under an agent at work: that has to be stopped first.
 */
export function actionsFor(step: StepStatus, to: BoardStatus): StepAction[] | null {
  const move = cardMove(step, to)
  if (move.kind === 'free') return []
  if (move.kind === 'drives') return [move.action]
  // Testing is a part of QA.
  if (step === 'needs_qa' && to === 'testing') return []
  const allowed = (action: StepAction) =>
    (transitions[action].from as readonly StepStatus[]).includes(step)
  const action = straight[to]
  if (action && allowed(action)) return [action]
  if (!allowed('retry')) return null
  const next = cardMove('pending', to)
  return next.kind === 'drives' ? ['retry', next.action] : ['retry']
}
