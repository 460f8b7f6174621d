import { storable } from '../lib/agent/lines.ts'
import { ExecutedRun } from '../lib/answers.ts'
import { apiOf } from '../lib/api.ts'
import { message } from '../lib/files.ts'
import { flowJob } from '../lib/job.ts'
import { type FailureReport, main as report } from '../report_failure.ts'

type CDevgodzillaApi = { base_url: string; token: string }

/**
 * The failure module of the execution: what was begun and not ended is queued again, and the run is
 * paused. After an end that was told already this changes nothing. Where the API cannot be told,
 * it finds out by itself.
 * @param job_id the one that took the run: what fails in a lane is handled in the lane's own job
 */
export async function main(
  api: CDevgodzillaApi,
  protocol_id: number,
  flow: string,
  error: { name: string; message: string; step_id: string },
  job_id?: string,
): Promise<FailureReport> {
  const failure = await report(flow, error)
  const broken = storable(failure.error.message.slice(0, 5000))
  const body = { job_id: job_id ?? flowJob(), broken }
  await apiOf(api)
    .ask(`/protocols/${protocol_id}/actions/end-execution`, body, ExecutedRun)
    .catch((cause: unknown) => console.error(`the API was not told: ${message(cause)}`))
  return failure
}
