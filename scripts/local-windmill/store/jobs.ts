import type { Fragment, Sql, TransactionSql } from 'postgres'
import type { Json, JsonObject } from '../json.ts'
import type { OpenFlow } from '../openflow/types.ts'

export type JobRow = {
  id: string
  workspace: string
  kind: 'flow' | 'script'
  path: string
  args: JsonObject
  definition: OpenFlow | null
  created_by: string
  created_at: Date
  scheduled_for: Date
  started_at: Date | null
  completed_at: Date | null
  parent_job: string | null
  root_job: string | null
  /** What set it off, and its path; null where somebody did. */
  trigger_kind: 'schedule' | 'http' | null
  trigger: string | null
  nested: boolean
  /** An event began it: its preprocessor still has to make the arguments. */
  preprocess: boolean
  owner: string | null
  attempt: number
  canceled_by: string | null
  canceled_reason: string | null
  success: boolean | null
  skipped: boolean
  result: Json
  progress: number | null
  user_states: JsonObject
}

/** The channel on which engines tell each other that a job wants attention: `verb:id`. */
export const CHANNEL = 'windmill_jobs'

/** How many jobs with the same key may run at once, and begin within a window. */
export type Concurrency = { key: string; limit: number; windowSeconds: number }

export type NewJob = Pick<
  JobRow,
  | 'id'
  | 'workspace'
  | 'kind'
  | 'path'
  | 'args'
  | 'definition'
  | 'created_by'
  | 'parent_job'
  | 'root_job'
  | 'nested'
  | 'preprocess'
  | 'trigger_kind'
  | 'trigger'
> & {
  delaySeconds: number
  /** When its schedule had it due. */
  due: Date | null
  concurrency: Concurrency | null
}

/** Queues a job. Answers false, and changes nothing, when its id or its due time is taken. */
export async function insertJob(sql: Sql, job: NewJob): Promise<boolean> {
  const rows = await sql`
    with made as (
      insert into windmill.jobs
        (id, workspace, kind, path, args, definition, created_by, parent_job, root_job, nested,
         preprocess, trigger_kind, trigger, concurrency_key, concurrent_limit,
         concurrency_window_s, scheduled_for)
      values (${job.id}, ${job.workspace}, ${job.kind}, ${job.path}, ${text(sql, job.args)},
        ${job.definition ? text(sql, job.definition as unknown as Json) : null},
        ${job.created_by}, ${job.parent_job}, ${job.root_job}, ${job.nested},
        ${job.preprocess}, ${job.trigger_kind}, ${job.trigger},
        ${job.concurrency?.key ?? null}, ${job.concurrency?.limit ?? null},
        ${job.concurrency?.windowSeconds ?? 0},
        coalesce(${job.due}, now() + make_interval(secs => ${job.delaySeconds})))
      on conflict do nothing
      returning id
    )
    select pg_notify(${CHANNEL}, 'queued:' || id) from made`
  return rows.length > 0
}

export async function findJob(sql: Sql, workspace: string, id: string): Promise<JobRow | null> {
  const [row] = await sql<JobRow[]>`
    select * from windmill.jobs where id = ${id} and workspace = ${workspace}`
  return row ?? null
}

/** Those among `ids` that have ended. */
export async function endedAmong(sql: Sql, ids: string[]): Promise<string[]> {
  const rows = await sql<{ id: string }[]>`
    select id from windmill.jobs where id = any(${ids}::uuid[]) and completed_at is not null`
  return rows.map((row) => row.id)
}

/** Those among `ids` that somebody asked to cancel. */
export async function canceledAmong(sql: Sql, ids: string[]): Promise<string[]> {
  const rows = await sql<{ id: string }[]>`
    select id from windmill.jobs where id = any(${ids}::uuid[]) and canceled_at is not null`
  return rows.map((row) => row.id)
}

/**
 * Asks for a job and all that it started to be cancelled; the engines that run them do it.
 * Answers the ids that were still open.
 */
export async function requestCancel(
  sql: Sql,
  workspace: string,
  id: string,
  by: string,
  reason: string,
): Promise<string[]> {
  const rows = await sql<{ id: string }[]>`
    with recursive family as (
      select id from windmill.jobs where id = ${id} and workspace = ${workspace}
      union
      select child.id from windmill.jobs child join family on child.parent_job = family.id
        or child.parent_job in (select step.id from windmill.steps step where step.job_id = family.id)
    ), marked as (
      update windmill.jobs set canceled_by = ${by}, canceled_reason = ${reason}, canceled_at = now()
      where id in (select id from family) and completed_at is null and canceled_at is null
      returning id
    )
    select id, pg_notify(${CHANNEL}, 'canceled:' || id) from marked`
  return rows.map((row) => row.id)
}

/**
 * Puts what a preprocessor made in the place of the event, if the job is still this owner's. One
 * that others may hold up takes its place among them now.
 */
export async function saveArguments(
  sql: Sql,
  job: JobRow,
  args: JsonObject,
  concurrency: Concurrency | null,
): Promise<void> {
  await sql`
    update windmill.jobs set args = ${text(sql, args)}, preprocess = false,
      concurrency_key = ${concurrency?.key ?? null},
      concurrent_limit = ${concurrency?.limit ?? null},
      concurrency_window_s = ${concurrency?.windowSeconds ?? 0},
      started_at = ${concurrency ? null : sql`started_at`}
    where id = ${job.id} and owner = ${job.owner} and attempt = ${job.attempt}`
}

export type Ending = { success: boolean; skipped: boolean; result: Json }

/** Ends a job, if it still belongs to this owner and attempt. Answers whether it did. */
export async function completeJob(sql: Sql, job: JobRow, ending: Ending): Promise<boolean> {
  const rows = await sql`
    with ended as (
      update windmill.jobs
      set completed_at = now(), success = ${ending.success}, skipped = ${ending.skipped},
        result = ${text(sql, ending.result)}
      where id = ${job.id} and owner = ${job.owner} and attempt = ${job.attempt}
        and completed_at is null
      returning id
    )
    select pg_notify(${CHANNEL}, 'completed:' || id) from ended`
  return rows.length > 0
}

/**
 * Removes jobs that ended longer ago than this, with their steps, logs and answers: the oldest
 * first, at most so many. Answers how many there were.
 */
export async function forgetJobs(
  sql: Sql,
  workspace: string,
  afterDays: number,
  limit: number,
): Promise<number> {
  const { count } = await sql`
    delete from windmill.jobs where id in (
      select id from windmill.jobs
      where workspace = ${workspace} and created_at < now() - make_interval(days => ${afterDays})
        and completed_at < now() - make_interval(days => ${afterDays})
      order by created_at limit ${limit} for update skip locked
    )`
  return count
}

/** JSON as text: the driver would otherwise encode a string twice. */
export function text(sql: Sql | TransactionSql, value: Json): Fragment {
  return sql`${JSON.stringify(value)}::text::json`
}
