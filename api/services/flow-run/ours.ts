import type { Job } from 'windmill-client'
import { flowFolder } from '../../core/entities/flow-run.ts'
import { DomainError, notFound } from '../../core/errors.ts'
import type { Runtime } from '../runtime.ts'
import type { FlowJobs } from './flow-jobs.ts'

/** More than flows nest. */
const deepest = 20

export function jobsOf({ flowJobs }: Runtime): FlowJobs {
  if (flowJobs) return flowJobs
  throw new DomainError('upstream', 'windmill_answers', 'No Windmill is set up.')
}

/** A job of our folder, or a part of one. @throws DomainError `not_found` for all others */
export async function ourJob(jobs: FlowJobs, jobId: string): Promise<Job> {
  const job = await jobs.find(jobId)
  let above = job
  for (let depth = 0; above && depth < deepest; depth++) {
    if (above.script_path?.startsWith(flowFolder)) return job as Job
    above = above.parent_job ? await jobs.find(above.parent_job) : undefined
  }
  throw notFound('flow run', jobId)
}
