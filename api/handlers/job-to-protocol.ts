import { isDeepStrictEqual } from 'node:util'
import { catalogue } from '../core/events/catalogue.ts'
import { finishExecution } from '../services/protocol/end-execution.ts'
import { latestPayload } from '../store/events.ts'
import { lockProtocol } from '../store/protocols.ts'
import type { Handler } from './handler.ts'

/** A job of a protocol run is said to have ended: what Windmill says of it is told, once. */
export const jobToProtocol: Handler = {
  name: 'job_to_protocol',
  takes: 'one',
  atOnce: 1,
  async handle(work, [event]) {
    const { job_id } = catalogue['webhook.job_reported'].parse(event.payload)
    if (event.protocol_run_id === null) return
    const job = await work.runtime.flows.find(job_id)
    if (!job) throw new Error(`Windmill knows no job ${job_id}`)
    if (job.success === null) throw new Error(`the job ${job_id} has not ended yet`)
    const run = await lockProtocol(work.tx, event.protocol_run_id)
    if (run) await finishExecution(work, run, job_id, job.success ? null : 'Its job failed.')
    const payload = { job_id, path: job.path, success: job.success }
    const told = await latestPayload(
      work.tx,
      'protocol',
      event.protocol_run_id,
      'protocol.flow_ended',
    )
    if (isDeepStrictEqual(told, payload)) return
    await work.record({
      type: 'protocol.flow_ended',
      entity_type: 'protocol',
      entity_id: event.protocol_run_id,
      project_id: event.project_id,
      protocol_run_id: event.protocol_run_id,
      payload,
    })
  },
}
