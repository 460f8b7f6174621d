import { ExecutedRun } from '../lib/answers.ts'
import { apiOf } from '../lib/api.ts'
import { ApiRefused } from '../lib/api_errors.ts'
import { flowJob } from '../lib/job.ts'
import { jobHasEnded } from '../lib/other_jobs.ts'
import { planOf } from '../lib/step/plan.ts'
import { widthOf } from '../lib/step/plan_order.ts'

type CDevgodzillaApi = { base_url: string; token: string }

/** What the flow goes on with: a lane for each step that may be at work at the same time. */
export type Begun =
  | { begun: true; job_id: string; lanes: number[] }
  | { begun: false; reason: string; protocol_id: number; status: string }

/**
 * Says that this job executes a protocol run. Where another one does that lives, it is left to that
 * one; the steps of one that has died are queued again.
 * @throws where the run is cancelled, or has no steps
 */
export async function main(
  api: CDevgodzillaApi,
  protocol_id: number,
  parallel = 3,
): Promise<Begun> {
  if (!Number.isInteger(parallel) || parallel < 1 || parallel > 20) {
    throw new RangeError(`parallel must be a whole number from 1 to 20, not ${parallel}`)
  }
  const client = apiOf(api)
  const job_id = flowJob()
  const execute = (more: object = {}) =>
    client.ask(`/protocols/${protocol_id}/actions/execute`, { job_id, ...more }, ExecutedRun)
  try {
    await execute()
  } catch (error) {
    if (!(error instanceof ApiRefused)) throw error
    const { status, flow_job_id } = await client.get(`/protocols/${protocol_id}`, ExecutedRun)
    const left = (reason: string): Begun => ({ begun: false, reason, protocol_id, status })
    if (error.code === 'run_is_completed') return left('The run is completed.')
    if (error.code === 'run_is_paused') return left('The run is paused: resume it, and it goes on.')
    if (error.code !== 'run_is_executed' || flow_job_id === null) throw error
    if (!(await jobHasEnded(flow_job_id))) return left(`The job ${flow_job_id} executes the run.`)
    console.log(`the job ${flow_job_id} has ended: taking the run over`)
    await execute({ instead_of: flow_job_id })
  }
  const { steps } = await planOf(client, protocol_id)
  const lanes = Math.min(parallel, widthOf(steps))
  return { begun: true, job_id, lanes: Array.from({ length: lanes }, (_, lane) => lane) }
}
