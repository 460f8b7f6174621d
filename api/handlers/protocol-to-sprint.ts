import { flowJobIdOf } from '../core/flow-job.ts'
import { findProject } from '../store/projects.ts'
import { findProtocol } from '../store/protocols.ts'
import type { Handler } from './handler.ts'

/** A new protocol run gets its sprint: the flow that makes one is started, once. */
export const protocolToSprint: Handler = {
  name: 'protocol_to_sprint',
  takes: 'one',
  atOnce: 2,
  async handle(work, [event]) {
    if (!work.runtime.sprintIntegration || event.project_id === null) return
    const run = await findProtocol(work.tx, event.entity_id)
    const project = await findProject(work.tx, event.project_id)
    if (run?.kind !== 'protocol' || run.linked_sprint_id !== null || run.sprint_id !== null) return
    if (project?.settings.sprint_integration === false) return
    if (project?.settings.auto_create_sprint === false) return
    await work.runtime.flows.start(
      'f/devgodzilla/sprint_from_protocol',
      { protocol_id: run.id },
      flowJobIdOf(event),
    )
  },
}
