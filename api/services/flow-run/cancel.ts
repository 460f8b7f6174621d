import { cancelFlowRun as command } from '../../commands/flow-runs.ts'
import { conflict } from '../../core/errors.ts'
import { flowVerb } from './flow-verb.ts'
import { ourJob } from './ours.ts'

export const cancelFlowRun = flowVerb(command, async (jobs, { job_id, reason }, caller) => {
  const job = await ourJob(jobs, job_id)
  const args = (job.args ?? {}) as Record<string, unknown>
  if (job.type === 'CompletedJob') {
    if (job.canceled) return { output: { job_id }, event: null, args }
    throw conflict('flow_run_is_open', 'This run has ended already.')
  }
  const why = reason?.trim() || `cancelled by ${caller.actor}`
  await jobs.cancel(job_id, why)
  return {
    output: { job_id },
    event: {
      type: 'flow.cancelled',
      payload: { job_id, path: job.script_path ?? '', reason: why },
    },
    args,
  }
})
