import { flowJobIdOf } from '../core/flow-job.ts'
import { lastSyncJob, noteSyncJob } from '../store/delegation-syncs.ts'
import { findProject } from '../store/projects.ts'
import { type Handler, NotYet } from './handler.ts'

/** How long changes wait for the sync before them (s); after that it may hang, and keeps nobody. */
const patience = 900

/**
 * Something changed in a project that keeps files beside the database, or in those files: a flow
 * brings both together. It reads how things stand by then, so while one runs the changes wait, and
 * the newest stands for them all. What the flow itself changes is heard of by nobody here.
 */
export const changesToFiles: Handler = {
  name: 'changes_to_files',
  takes: 'newest',
  atOnce: 2,
  // Five minutes apart in the end, so about a day: Windmill may be down for long.
  tries: 300,
  async handle(work, [event]) {
    const project =
      event.project_id === null ? undefined : await findProject(work.tx, event.project_id)
    const { delegation = 'off' } = project?.settings ?? {}
    if (!project || !(project.local_path || project.repo_url)) return
    // Documents are for agents of projects without such files as well.
    if (delegation === 'off' && event.type !== 'webhook.files_pushed') return
    const { flows } = work.runtime
    const job_id = flowJobIdOf(event)
    const last = await lastSyncJob(work.tx, project.id)
    if (last && last.job_id !== job_id && last.age < patience) {
      const job = await flows.find(last.job_id)
      if (job?.success === null) throw new NotYet(`${last.job_id} syncs ${project.slug}`, 0.5)
    }
    await flows.start('f/devgodzilla/sync_delegation', { project_id: project.id }, job_id)
    await noteSyncJob(work.tx, project.id, job_id)
  },
}
