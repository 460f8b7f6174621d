import { catalogue } from '../core/events/catalogue.ts'
import { integrationOff } from '../services/webhook/read-again.ts'
import { findProject } from '../store/projects.ts'
import type { Handler } from './handler.ts'

/** A hook named a spec: a flow reads it again, and finds the sprint by itself. */
export const webhookToFlow: Handler = {
  name: 'webhook_to_flow',
  takes: 'one',
  atOnce: 2,
  // Five minutes apart in the end, so about a day: Windmill may be down for long.
  tries: 300,
  async handle(work, [event]) {
    const { spec_path, job_id } = catalogue['webhook.received'].parse(event.payload)
    const project =
      event.project_id === null ? undefined : await findProject(work.tx, event.project_id)
    if (!project || integrationOff(work.runtime, project) !== null) return
    await work.runtime.flows.start(
      'f/devgodzilla/spec_to_tasks',
      { project_id: project.id, spec_path },
      job_id,
    )
  },
}
