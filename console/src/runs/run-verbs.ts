import type { ProtocolRun, Scope, StepRun } from '../api/types.ts'

/** Something that can be done to a run or a step as it is now. */
export interface Verb {
  id: string
  /** An order: “Pause”. */
  title: string
  /** The last part of `/actions/…`. */
  action: string
  scope: Scope
  main?: boolean
  /** Asked first: what is lost, or why it is done. */
  ask?: { text: string; reason?: 'optional' | 'required' }
}

/** What the API would take of a run; the rule is `protocol_transition` there. */
export function verbsOfRun(run: ProtocolRun, steps: readonly StepRun[]): Verb[] {
  const { status } = run
  const verbs: Verb[] = []
  const over = status === 'completed' || status === 'cancelled'
  const executable = !over && status !== 'paused' && run.kind !== 'planning' && steps.length > 0
  if (executable && run.execution !== 'running') {
    verbs.push({ id: 'execute', title: 'Execute', action: 'execute', scope: 'plan', main: true })
  }
  if (status === 'paused') {
    verbs.push({ id: 'resume', title: 'Resume', action: 'resume', scope: 'work', main: true })
  }
  if (['pending', 'planning', 'planned'].includes(status) && steps.length > 0) {
    verbs.push({ id: 'start', title: 'Start by hand', action: 'start', scope: 'work' })
  }
  if (['pending', 'planned', 'running', 'blocked', 'needs_qa', 'failed'].includes(status)) {
    verbs.push({ id: 'pause', title: 'Pause', action: 'pause', scope: 'work' })
  }
  if (!over) {
    const text =
      'Every step that has not ended is cancelled and its card is archived. What is done stays. A cancelled run cannot be resumed.'
    verbs.push({
      id: 'cancel',
      title: 'Cancel the run',
      action: 'cancel',
      scope: 'work',
      ask: { text },
    })
  }
  return verbs
}

/** What the API would take of a step; the rule is `step_transition` there. */
export function verbsOfStep({ status, qa_required }: StepRun): Verb[] {
  const verbs: Verb[] = []
  const add = (id: string, title: string, more: Partial<Verb> = {}) =>
    verbs.push({ id, title, action: id, scope: 'work', ...more })
  if (['failed', 'timeout', 'blocked', 'cancelled', 'skipped'].includes(status)) {
    add('retry', 'Retry', { main: status === 'failed' || status === 'timeout' })
  }
  if (status === 'pending') add('start', 'Start by hand')
  if (status === 'running' && qa_required) add('complete', 'Submit to QA', { main: true })
  if (status === 'running' && !qa_required) {
    add('complete', 'Complete', { main: true })
    add('submit-qa', 'Submit to QA')
  }
  if (status === 'needs_qa') {
    add('complete', 'Approve QA', { main: true })
    add('fail', 'Reject QA…', {
      ask: {
        text: 'The step fails, and its card is blocked with your reason.',
        reason: 'required',
      },
    })
  }
  if (['pending', 'running', 'needs_qa'].includes(status)) {
    add('block', 'Block…', {
      ask: {
        text: 'The card is blocked with your reason until the step is retried.',
        reason: 'required',
      },
    })
  }
  if (['pending', 'running', 'needs_qa', 'blocked', 'failed', 'timeout'].includes(status)) {
    add('skip', 'Skip…', {
      ask: {
        text: 'Steps that wait for this one may start, and its points no longer count.',
        reason: 'optional',
      },
    })
    add('cancel', 'Cancel…', {
      ask: {
        text: 'The card is archived. Steps that depend on this one cannot start any more.',
        reason: 'optional',
      },
    })
  }
  return verbs
}
