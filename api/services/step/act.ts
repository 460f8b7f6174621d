import { actOnStep, stepActions } from '../../commands/steps.ts'
import type { ProtocolRun, StepRun } from '../../core/entities/protocol.ts'
import { conflict } from '../../core/errors.ts'
import { satisfiesDependants } from '../../core/status.ts'
import { type StepAction, transitionOf } from '../../core/step-actions.ts'
import { tokensOf } from '../../core/usage.ts'
import { findSteps } from '../../store/steps.ts'
import { mutation } from '../mutation.ts'
import type { Work } from '../runtime.ts'
import { isHeld, type LockedStep, lockStep } from './locked.ts'
import { moveSteps } from './move.ts'

const actionVerb = (action: StepAction) =>
  mutation(actOnStep(action), async (work, input) => {
    const locked = await lockStep(work, input.step_id)
    const { run, step } = locked
    const transition = transitionOf(action, step)
    const job_id = input.job_id ?? null
    if (step.status === transition.to) {
      if (action === 'start' && job_id !== null) refuseTaken(step, job_id)
      work.nothingChanged()
      return step
    }
    const from = isGivenBack(action, step, job_id) ? [step.status] : transition.from
    await refuse(work, action, from, locked)
    const [moved] = await moveSteps(work, run, [step], transition, {
      reason: input.reason ?? null,
      agent: input.agent ?? null,
      tokens: input.tokens ?? (input.usage ? tokensOf(input.usage) : null),
      usage: input.usage ?? null,
      cost_usd: input.cost_usd ?? null,
      job_id,
    })
    return moved ?? step
  })

/** One verb per action on a step. */
export const actionsOnSteps = stepActions.map(actionVerb)

/** A job that runs a step may queue it again: it cannot go on with what was begun. */
const isGivenBack = (action: StepAction, step: StepRun, jobId: string | null) =>
  action === 'retry' && step.status === 'running' && jobId !== null && step.flow_job_id === jobId

/** Two jobs must not do one step at the same time. */
function refuseTaken(step: StepRun, jobId: string): void {
  if (step.flow_job_id === jobId) return
  throw conflict(
    'step_is_taken',
    step.flow_job_id === null
      ? `Step "${step.step_name}" was started by hand; complete it by hand, or cancel and retry it.`
      : `Step "${step.step_name}" is run by the job ${step.flow_job_id}.`,
  )
}

async function refuse(
  work: Work,
  action: StepAction,
  from: readonly StepRun['status'][],
  { run, step }: LockedStep,
): Promise<void> {
  if (!from.includes(step.status)) {
    throw conflict(
      'step_transition',
      `Step "${step.step_name}" is ${step.status}; "${action}" needs it to be ${from.join(', ')}.`,
    )
  }
  refuseHeldRun(run, action)
  if (action !== 'start') return
  const needed = await findSteps(work.tx, step.depends_on)
  const unmet = needed.filter((other) => !satisfiesDependants(other.status))
  if (unmet.length > 0) {
    const names = unmet.map((other) => `"${other.step_name}" (${other.status})`).join(', ')
    throw conflict(
      'dependencies_met',
      `Step "${step.step_name}" waits for ${names}; complete or skip them first.`,
    )
  }
}

function refuseHeldRun(run: ProtocolRun, action: StepAction): void {
  if (!isHeld(run, action)) return
  throw conflict(
    `run_is_${run.status}`,
    run.status === 'paused'
      ? 'The protocol run is paused; resume it first.'
      : 'The protocol run is cancelled; create another one.',
  )
}
