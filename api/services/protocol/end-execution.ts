import type { ProtocolRun } from '../../core/entities/protocol.ts'
import { transitions } from '../../core/step-actions.ts'
import { updateProtocol } from '../../store/protocols.ts'
import { stepsOfRun } from '../../store/steps.ts'
import type { Work } from '../runtime.ts'
import { moveSteps, turnProtocol, unsaid } from '../step/move.ts'
import { goOnExecuting, tellExecution } from './execution.ts'

/** Queues the steps of a locked run again that a job was doing, and does no longer. */
export async function giveStepsBack(
  work: Work,
  run: ProtocolRun,
  reason: string,
): Promise<ProtocolRun> {
  const steps = await stepsOfRun(work.tx, run.id)
  const left = steps.filter((step) => step.status === 'running' && step.flow_job_id !== null)
  if (left.length > 0) await moveSteps(work, run, left, transitions.retry, { ...unsaid, reason })
  return run
}

/**
 * The job of a locked run has ended. What is left waits: until a step may start, or, where the job
 * broke off, until a person resumes the run. A job that has been replaced changes nothing.
 */
export async function finishExecution(
  work: Work,
  run: ProtocolRun,
  jobId: string,
  broken: string | null,
): Promise<ProtocolRun> {
  if (run.execution !== 'running' || run.flow_job_id !== jobId) return run
  await giveStepsBack(work, run, broken ?? 'The job that did it has ended.')
  const waiting = await updateProtocol(work.tx, run.id, { execution: 'waiting' })
  await tellExecution(work, run, 'ended', { job_id: jobId, broken })
  const over = ['completed', 'cancelled'].includes(waiting.status)
  return goOnExecuting(
    work,
    broken !== null && !over ? await turnProtocol(work, waiting, 'paused') : waiting,
  )
}
