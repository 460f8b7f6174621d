import { randomUUID } from 'node:crypto'
import {
  retryFlowRun as retryCommand,
  startFlowRun as startCommand,
} from '../../commands/flow-runs.ts'
import { conflict } from '../../core/errors.ts'
import { jobIdOf } from '../../core/job-id.ts'
import type { Caller } from '../runtime.ts'
import { flowVerb } from './flow-verb.ts'
import { ourJob } from './ours.ts'
import { refuseReferences } from './references.ts'

export const startFlowRun = flowVerb(startCommand, async (jobs, { path, args }, caller) => {
  refuseReferences('args', args)
  const job_id = newJobId(caller)
  await jobs.start(path, args, job_id)
  return {
    output: { job_id },
    event: { type: 'flow.started', payload: { job_id, path, again: null } },
    args,
  }
})

export const retryFlowRun = flowVerb(retryCommand, async (jobs, { job_id: before }, caller) => {
  const job = await ourJob(jobs, before)
  if (job.job_kind !== 'flow' || job.parent_job || !job.script_path) {
    throw conflict('flow_runs_are_whole', 'This is a part of a flow; start the whole flow again.')
  }
  if (job.type === 'QueuedJob') {
    throw conflict('flow_run_has_ended', 'This run has not ended; cancel it, or wait for its end.')
  }
  const args = await jobs.arguments(before)
  const job_id = newJobId(caller)
  await jobs.start(job.script_path, args, job_id)
  return {
    output: { job_id },
    event: { type: 'flow.started', payload: { job_id, path: job.script_path, again: before } },
    args,
  }
})

/** A repeat of a request names the same job, whatever became of its first answer. */
const newJobId = ({ actor, idempotencyKey }: Caller) =>
  jobIdOf('flow run', actor, idempotencyKey ?? randomUUID())
