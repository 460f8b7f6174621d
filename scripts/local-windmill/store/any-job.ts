import type { Sql } from 'postgres'
import type { JobRow } from './jobs.ts'
import { findJob } from './jobs.ts'
import { findStep, type StepRow } from './steps.ts'

/** A job, or one of its steps: on Windmill every step is a job with an id of its own. */
export type AnyJob = { job: JobRow; step: StepRow | null }

export async function findAnyJob(sql: Sql, workspace: string, id: string): Promise<AnyJob | null> {
  const job = await findJob(sql, workspace, id)
  if (job) return { job, step: null }
  const step = await findStep(sql, id)
  if (!step) return null
  const owner = await findJob(sql, workspace, step.job_id)
  return owner && { job: owner, step }
}

/** The steps directly inside a job, iteration, branch or sub-flow, in the order they began. */
export async function childSteps(sql: Sql, parentIds: string[]): Promise<StepRow[]> {
  return sql<StepRow[]>`
    select * from windmill.steps where parent_id = any(${parentIds}::uuid[]) order by started_at, path`
}

export type JobFilter = {
  path?: string | undefined
  pathStart?: string | undefined
  parentJob?: string | undefined
  schedulePath?: string | undefined
  /** False: not yet; those that have ended are neither. */
  running?: boolean | undefined
  success?: boolean | undefined
  /** Waiting for an answer. */
  suspended?: boolean | undefined
  kinds?: string[] | undefined
  createdBefore?: Date | undefined
  limit: number
  offset: number
}

/** Newest first. */
export async function listJobs(sql: Sql, workspace: string, filter: JobFilter): Promise<JobRow[]> {
  const { path, pathStart, parentJob, schedulePath, running, success } = filter
  const { suspended, kinds, createdBefore } = filter
  return sql<JobRow[]>`
    select * from windmill.jobs
    where workspace = ${workspace}
      ${path === undefined ? sql`` : sql`and path = ${path}`}
      ${pathStart === undefined ? sql`` : sql`and starts_with(path, ${pathStart})`}
      ${parentJob === undefined ? sql`` : sql`and parent_job = ${parentJob}`}
      ${schedulePath === undefined ? sql`` : sql`and trigger_kind = 'schedule' and trigger = ${schedulePath}`}
      ${running === undefined ? sql`` : sql`and completed_at is null and (started_at is not null) = ${running}`}
      ${success === undefined ? sql`` : sql`and success = ${success}`}
      ${suspended === undefined ? sql`` : sql`and ${isSuspended(sql)} = ${suspended}`}
      ${kinds === undefined ? sql`` : sql`and kind = any(${kinds})`}
      ${createdBefore === undefined ? sql`` : sql`and date_trunc('milliseconds', created_at) <= ${createdBefore}`}
    order by created_at desc, id limit ${filter.limit} offset ${filter.offset}`
}

const isSuspended = (sql: Sql) => sql`(completed_at is null and exists (
  select from windmill.suspensions waited where waited.job_id = jobs.id and waited.outcome is null))`
