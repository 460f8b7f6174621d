import { catalogue } from '../core/events/catalogue.ts'
import { findProtocol } from '../store/protocols.ts'
import type { Handler } from './handler.ts'

/** A run is to be executed, or no longer: its flow is started, or its job cancelled. */
export const executionToFlow: Handler = {
  name: 'execution_to_flow',
  takes: 'one',
  atOnce: 2,
  // Five minutes apart in the end, so about a day: Windmill may be down for long.
  tries: 300,
  async handle(work, [event]) {
    const { flows } = work.runtime
    if (event.type === 'protocol.execution_cancelled') {
      const { job_id } = catalogue['protocol.execution_cancelled'].parse(event.payload)
      return flows.cancel(job_id, 'The protocol run was cancelled.')
    }
    const { job_id, start_flow } = catalogue['protocol.execution_started'].parse(event.payload)
    const run = await findProtocol(work.tx, event.entity_id)
    if (!start_flow || run?.execution !== 'running' || run.flow_job_id !== job_id) return
    await flows.start('f/devgodzilla/execute_protocol', { protocol_id: run.id }, job_id)
  },
}
