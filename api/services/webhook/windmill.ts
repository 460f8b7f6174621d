import type { WindmillNotice } from '../../commands/notices.ts'
import { findProject } from '../../store/projects.ts'
import { newestProtocolOfJob } from '../../store/protocols.ts'
import type { Runtime } from '../runtime.ts'
import { type Incoming, ignored, once } from './once.ts'
import { integrationOff } from './read-again.ts'

/** A job is said to have ended: Windmill is asked, where a protocol run knows the job. */
export const receiveWindmill = (runtime: Runtime, delivery: Incoming, notice: WindmillNotice) =>
  once(runtime, delivery, async (work, { id }) => {
    const run = await newestProtocolOfJob(work.tx, notice.job_id)
    const project = run && (await findProject(work.tx, run.project_id))
    if (!run || !project) return ignored('No protocol run has this job as its flow_job_id.')
    const off = integrationOff(runtime, project)
    if (off) return ignored(off)
    await work.record({
      type: 'webhook.job_reported',
      entity_type: 'webhook_delivery',
      entity_id: id,
      project_id: run.project_id,
      protocol_run_id: run.id,
      payload: { job_id: notice.job_id },
    })
    const detail = `Windmill will be asked how the job of protocol run ${run.id} ended.`
    return { outcome: 'accepted', detail, specs: [] }
  })
