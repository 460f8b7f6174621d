import { catalogue } from '../core/events/catalogue.ts'
import { integrationOff } from '../services/webhook/read-again.ts'
import { findProject } from '../store/projects.ts'
import { lastReadOf, noteRead } from '../store/spec-reads.ts'
import { type Handler, NotYet } from './handler.ts'

/** How long hooks wait for the reading before them (s); after that it may hang, and keeps nobody. */
const patience = 900

/**
 * A hook named a spec: a flow reads it again, and finds the sprint by itself. The flow reads what is
 * there by then, so while one runs the hooks of its spec wait, and the newest stands for them all.
 */
export const webhookToFlow: Handler = {
  name: 'webhook_to_flow',
  takes: 'newest',
  atOnce: 2,
  // Five minutes apart in the end, so about a day: Windmill may be down for long.
  tries: 300,
  async handle(work, [event]) {
    const { spec_path, job_id } = catalogue['webhook.received'].parse(event.payload)
    const project =
      event.project_id === null ? undefined : await findProject(work.tx, event.project_id)
    if (!project || integrationOff(work.runtime, project) !== null) return
    const { flows } = work.runtime
    const last = await lastReadOf(work.tx, project.id, spec_path)
    if (last && last.job_id !== job_id && last.age < patience) {
      const job = await flows.find(last.job_id)
      if (job?.success === null) throw new NotYet(`${last.job_id} reads ${spec_path}`, 0.5)
    }
    await flows.start('f/devgodzilla/spec_to_tasks', { project_id: project.id, spec_path }, job_id)
    await noteRead(work.tx, { project_id: project.id, spec_path, job_id })
  },
}
