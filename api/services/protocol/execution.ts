import { randomUUID } from 'node:crypto'
import type { ProtocolRun } from '../../core/entities/protocol.ts'
import type { Payload } from '../../core/events/catalogue.ts'
import { jobIdOf } from '../../core/job-id.ts'
import { readySteps } from '../../core/ready-steps.ts'
import { updateProtocol } from '../../store/protocols.ts'
import { stepsOfRun } from '../../store/steps.ts'
import type { Work } from '../runtime.ts'

type ExecutionEvent = 'started' | 'ended' | 'cancelled'

/** Tells what became of the execution of a locked run. */
export async function tellExecution<E extends ExecutionEvent>(
  work: Work,
  run: ProtocolRun,
  event: E,
  payload: Payload<`protocol.execution_${E}`>,
): Promise<void> {
  await work.record({
    type: `protocol.execution_${event}`,
    entity_type: 'protocol',
    entity_id: run.id,
    project_id: run.project_id,
    sprint_id: run.linked_sprint_id,
    protocol_run_id: run.id,
    payload,
  } as Parameters<Work['record']>[0])
}

/** A locked run is executed from now on: by a job that says so, or by one that a handler starts. */
export async function beginExecution(
  work: Work,
  run: ProtocolRun,
  ownJob?: string,
): Promise<ProtocolRun> {
  const flow_job_id = ownJob ?? jobIdOf('execution', run.id, randomUUID())
  const begun = await updateProtocol(work.tx, run.id, { execution: 'running', flow_job_id })
  const start_flow = ownJob === undefined
  await tellExecution(work, run, 'started', { job_id: flow_job_id, start_flow })
  return begun
}

/**
 * Lets an execution that waits go on once a step of its locked run may start, and forgets it once
 * the run is over.
 */
export async function goOnExecuting(work: Work, run: ProtocolRun): Promise<ProtocolRun> {
  if (run.execution !== 'waiting' || run.status === 'paused') return run
  if (['completed', 'cancelled'].includes(run.status)) {
    return updateProtocol(work.tx, run.id, { execution: null })
  }
  const ready = readySteps(await stepsOfRun(work.tx, run.id))
  return ready.length > 0 ? beginExecution(work, run) : run
}

/** The job of a run that was cancelled is to be cancelled too; a handler tells Windmill. */
export async function cancelExecution(work: Work, run: ProtocolRun): Promise<ProtocolRun> {
  if (run.execution === null) return run
  if (run.execution === 'running' && run.flow_job_id !== null) {
    await tellExecution(work, run, 'cancelled', { job_id: run.flow_job_id })
  }
  return updateProtocol(work.tx, run.id, { execution: null })
}
