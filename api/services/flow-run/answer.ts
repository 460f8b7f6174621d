import {
  approveFlowRun as approveCommand,
  rejectFlowRun as rejectCommand,
} from '../../commands/flow-runs.ts'
import { conflict } from '../../core/errors.ts'
import type { Caller } from '../runtime.ts'
import { waitOf } from './approval.ts'
import type { FlowJobs } from './flow-jobs.ts'
import { flowVerb } from './flow-verb.ts'
import { ourJob } from './ours.ts'
import { refuseReferences } from './references.ts'

export const approveFlowRun = flowVerb(approveCommand, (jobs, input, caller) =>
  answer(jobs, input, caller, true),
)
export const rejectFlowRun = flowVerb(rejectCommand, (jobs, input, caller) =>
  answer(jobs, input, caller, false),
)

async function answer(
  jobs: FlowJobs,
  { job_id, payload }: { job_id: string; payload: Record<string, unknown> },
  { actor }: Caller,
  approved: boolean,
) {
  refuseReferences('payload', payload)
  const job = await ourJob(jobs, job_id)
  const wait = waitOf(job)
  if (!wait) throw conflict('flow_run_waits', 'This run does not wait for an approval now.')
  const { user_groups_required: groups, self_approval_disabled: byOthers } = wait.settings
  if (groups !== undefined || byOthers === true) {
    // Windmill knows its own users; it sees us as one of them, whoever asks.
    throw conflict(
      'windmill_asks_who',
      'Who may approve this step is up to Windmill; approve it on the page that Windmill offers.',
    )
  }
  await jobs.answer(wait.jobId, { approved, approver: actor, payload })
  const told = { job_id, path: job.script_path ?? '', step: wait.step, approved }
  return {
    output: { job_id },
    event: { type: 'flow.answered' as const, payload: told },
    args: (job.args ?? {}) as Record<string, unknown>,
  }
}
