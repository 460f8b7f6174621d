import {
  endExecution as endCommand,
  executeProtocol as executeCommand,
} from '../../commands/protocols.ts'
import { conflict, found } from '../../core/errors.ts'
import { findProtocol, lockProtocol } from '../../store/protocols.ts'
import { statusesOfRun } from '../../store/steps.ts'
import { mutation } from '../mutation.ts'
import { turnProtocol } from '../step/move.ts'
import { finishExecution, giveStepsBack } from './end-execution.ts'
import { beginExecution } from './execution.ts'

export const executeProtocol = mutation(executeCommand, async (work, input) => {
  const { protocol_id, job_id, instead_of } = input
  const run = found(await lockProtocol(work.tx, protocol_id), 'protocol', protocol_id)
  if (run.execution === 'running' && (job_id ?? run.flow_job_id) === run.flow_job_id) {
    work.nothingChanged()
    return run
  }
  if (run.execution === 'running' && run.flow_job_id !== instead_of) {
    throw conflict('run_is_executed', `The job ${run.flow_job_id} is executing the run already.`)
  }
  if (['completed', 'cancelled', 'paused'].includes(run.status)) {
    throw conflict(
      `run_is_${run.status}`,
      run.status === 'paused'
        ? 'The protocol run is paused; resume it first.'
        : `The protocol run is ${run.status}; create another one.`,
    )
  }
  if ((await statusesOfRun(work.tx, run.id)).length === 0) {
    throw conflict(
      'plan_has_steps',
      `The run has no steps; put a plan first (PUT /protocols/${run.id}/steps).`,
    )
  }
  const begun = ['pending', 'planning', 'planned'].includes(run.status)
    ? await turnProtocol(work, run, 'running')
    : run
  if (run.execution === 'running') {
    await giveStepsBack(work, begun, `The job ${run.flow_job_id} has ended without a word.`)
  }
  return beginExecution(work, begun, job_id)
})

export const endExecution = mutation(endCommand, async (work, { protocol_id, job_id, broken }) => {
  const run = found(await lockProtocol(work.tx, protocol_id), 'protocol', protocol_id)
  if (run.execution !== 'running' || run.flow_job_id !== job_id) {
    work.nothingChanged()
    return run
  }
  await finishExecution(work, run, job_id, broken ?? null)
  return found(await findProtocol(work.tx, protocol_id), 'protocol', protocol_id)
})
