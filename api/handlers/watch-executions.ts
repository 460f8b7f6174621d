import { finishExecution } from '../services/protocol/end-execution.ts'
import { type Runtime, system, workIn } from '../services/runtime.ts'
import { executedRuns, lockProtocol } from '../store/protocols.ts'
import { transaction } from '../store/transaction.ts'
import { every } from './every.ts'

const lookEvery = 30_000
const atOnce = 100
/** How long Windmill may not know a job (ms): a handler may still be trying to start it. */
const unknownFor = 24 * 60 * 60 * 1000

/** Notices jobs that ended without a word: a cancelled flow runs no failure module. */
export const startExecutionWatch = (runtime: Runtime) =>
  every(lookEvery, 'watching executions', runtime.log, () => watchExecutions(runtime))

/** One look at the jobs of all runs that are said to be executed. */
export async function watchExecutions(runtime: Runtime): Promise<void> {
  for (const { id, flow_job_id, updated_at } of await executedRuns(runtime.db, atOnce)) {
    if (flow_job_id === null) continue
    const job = await runtime.flows.find(flow_job_id)
    const waited = Date.now() - Date.parse(updated_at)
    if (job ? job.success === null : waited < unknownFor) continue
    await transaction(runtime.db, async (tx) => {
      const run = await lockProtocol(tx, id)
      if (!run) return
      const work = workIn(tx, runtime, system(flow_job_id, null))
      await finishExecution(work, run, flow_job_id, 'The job was cancelled or died.')
    })
  }
}
