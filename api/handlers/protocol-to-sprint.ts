import type { ProtocolRun } from '../core/entities/protocol.ts'
import { flowJobIdOf } from '../core/flow-job.ts'
import { leftForLater } from '../services/integration.ts'
import type { Work } from '../services/runtime.ts'
import type { Delivery } from '../store/deliveries.ts'
import { findProject } from '../store/projects.ts'
import { findProtocol } from '../store/protocols.ts'
import type { Handler } from './handler.ts'

/** A new protocol run gets its sprint: the flow that makes one is started, once. */
export const protocolToSprint: Handler = {
  name: 'protocol_to_sprint',
  takes: 'one',
  atOnce: 2,
  async handle(work, [event]) {
    const run = await findProtocol(work.tx, event.entity_id)
    if (!run || !wantsSprint(run) || (await leftForLater(work, run))) return
    await startSprintFlow(work, run, event)
  },
}

const wantsSprint = (run: ProtocolRun) =>
  run.kind === 'protocol' && run.linked_sprint_id === null && run.sprint_id === null

/** Starts the flow that makes the sprint of a run, unless it has one or its project wants none. */
export async function startSprintFlow(
  work: Work,
  run: ProtocolRun,
  event: Delivery,
): Promise<void> {
  const project = await findProject(work.tx, run.project_id)
  if (!wantsSprint(run) || project?.settings.auto_create_sprint === false) return
  await work.runtime.flows.start(
    'f/devgodzilla/sprint_from_protocol',
    { protocol_id: run.id },
    flowJobIdOf(event),
  )
}
