import type { ProtocolRun } from '../core/entities/protocol.ts'
import { cancel } from '../services/protocol/control.ts'
import { finishExecution } from '../services/protocol/end-execution.ts'
import { type Runtime, system, type Work, workIn } from '../services/runtime.ts'
import { executedRuns, lockProtocol, plannedRuns } from '../store/protocols.ts'
import { transaction } from '../store/transaction.ts'
import { every } from './every.ts'

const lookEvery = 30_000
const atOnce = 100
/** How long Windmill may not know a job (ms): a handler may still be trying to start it. */
const unknownFor = 24 * 60 * 60 * 1000

/** Notices jobs that ended without a word: a cancelled flow runs no failure module. */
export const startExecutionWatch = (runtime: Runtime) =>
  every(lookEvery, 'watching executions', runtime.log, () => watchExecutions(runtime))

const gone = 'The job was cancelled or died.'

/** One look at the jobs of all runs that are said to be executed, or planned. */
export async function watchExecutions(runtime: Runtime): Promise<void> {
  await whereGone(runtime, await executedRuns(runtime.db, atOnce), (work, run, jobId) =>
    finishExecution(work, run, jobId, gone),
  )
  // Planning goes on in no other job: the same request begins another run.
  await whereGone(runtime, await plannedRuns(runtime.db, atOnce), async (work, run) => {
    if (run.status === 'running') await cancel(work, run, gone)
  })
}

/** Settles, locked, each of these runs whose job is no longer there. */
async function whereGone(
  runtime: Runtime,
  runs: readonly ProtocolRun[],
  settle: (work: Work, run: ProtocolRun, jobId: string) => Promise<unknown>,
): Promise<void> {
  for (const { id, flow_job_id, updated_at } of runs) {
    if (flow_job_id === null) continue
    const job = await runtime.flows.find(flow_job_id)
    const waited = Date.now() - Date.parse(updated_at)
    if (job ? job.success === null : waited < unknownFor) continue
    await transaction(runtime.db, async (tx) => {
      const run = await lockProtocol(tx, id)
      if (run) await settle(await workIn(tx, runtime, system(flow_job_id, null)), run, flow_job_id)
    })
  }
}
