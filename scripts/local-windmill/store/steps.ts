import type { Sql, TransactionSql } from 'postgres'
import { Interruption } from '../interruption.ts'
import type { Json, JsonObject } from '../json.ts'
import { type JobRow, text } from './jobs.ts'

export type StepState = 'running' | 'retrying' | 'done'

export type StepRow = {
  job_id: string
  path: string
  id: string
  parent_id: string
  module_id: string
  kind: string
  script_path: string | null
  state: StepState
  fail_count: number
  retry_at: Date | null
  args: JsonObject | null
  plan: Json
  result: Json
  success: boolean | null
  skipped: boolean
  stopped: boolean
  sleep_until: Date | null
  progress: number | null
  started_at: Date
  completed_at: Date | null
}

export type NewStep = Pick<
  StepRow,
  'id' | 'path' | 'parent_id' | 'module_id' | 'kind' | 'script_path'
> & {
  args: JsonObject | null
  plan: Json
}

export type StepEnding = {
  success: boolean
  result: Json
  skipped: boolean
  /** The flow around it ends here, with this result. */
  stopped: boolean
  sleepUntil: Date | null
}

/** All that a job has done so far, by path. */
export async function loadSteps(sql: Sql, jobId: string): Promise<Map<string, StepRow>> {
  const rows = await sql<StepRow[]>`select * from windmill.steps where job_id = ${jobId}`
  return new Map(rows.map((row) => [row.path, row]))
}

export async function findStep(sql: Sql, id: string): Promise<StepRow | null> {
  const [row] = await sql<StepRow[]>`select * from windmill.steps where id = ${id}`
  return row ?? null
}

/** How a step ended; null while it has not. */
export async function stepEnd(
  sql: Sql,
  jobId: string,
  path: string,
): Promise<{ success: boolean; result: Json } | null> {
  const [row] = await sql<{ success: boolean; result: Json }[]>`
    select success, result from windmill.steps
    where job_id = ${jobId} and path = ${path} and state = 'done'`
  return row ?? null
}

/** Notes that a step begins. @throws Interruption when the job has another owner by now. */
export async function beginStep(
  sql: Sql | TransactionSql,
  job: JobRow,
  step: NewStep,
): Promise<StepRow> {
  const [row] = await sql<StepRow[]>`
    insert into windmill.steps (job_id, path, id, parent_id, module_id, kind, script_path, state, args, plan)
    select id, ${step.path}, ${step.id}, ${step.parent_id}, ${step.module_id}, ${step.kind},
      ${step.script_path}, 'running', ${step.args ? text(sql, step.args) : null}, ${text(sql, step.plan)}
    from windmill.jobs ${owned(sql, job)}
    on conflict (job_id, path) do update set state = 'running', retry_at = null
    returning *`
  return row ?? lost()
}

/** Writes a step's end, in one statement with all that follows from it. @throws Interruption */
export async function endStep(
  sql: Sql | TransactionSql,
  job: JobRow,
  path: string,
  ending: StepEnding,
): Promise<void> {
  const rows = await sql`
    update windmill.steps set state = 'done', success = ${ending.success}, result = ${text(sql, ending.result)},
      skipped = ${ending.skipped}, stopped = ${ending.stopped}, sleep_until = ${ending.sleepUntil},
      retry_at = null, completed_at = clock_timestamp()
    where path = ${path} and job_id in (select id from windmill.jobs ${owned(sql, job)})
    returning path`
  if (rows.length === 0) lost()
}

/** Notes when the sleep ends that begins once people have answered. @throws Interruption */
export async function saveSleep(
  sql: Sql,
  job: JobRow,
  path: string,
  sleepUntil: Date | null,
): Promise<void> {
  const rows = await sql`
    update windmill.steps set sleep_until = ${sleepUntil}
    where path = ${path} and job_id in (select id from windmill.jobs ${owned(sql, job)})
    returning path`
  if (rows.length === 0) lost()
}

/** Notes a failed attempt and when the next one is due; forgets what the attempt did inside. */
export async function retryStep(
  sql: Sql,
  job: JobRow,
  path: string,
  failCount: number,
  retryAt: Date,
): Promise<void> {
  await sql.begin(async (tx) => {
    const rows = await tx`
      update windmill.steps set state = 'retrying', fail_count = ${failCount}, retry_at = ${retryAt}
      where path = ${path} and job_id in (select id from windmill.jobs ${owned(tx, job)})
      returning path`
    if (rows.length === 0) lost()
    await tx`
      delete from windmill.steps where job_id = ${job.id} and starts_with(path, ${`${path}/`})`
  })
}

/** The row lock makes a takeover wait for the write, and the write fail after a takeover. */
function owned(sql: Sql | TransactionSql, job: JobRow) {
  return sql`where id = ${job.id} and owner = ${job.owner} and attempt = ${job.attempt}
    and completed_at is null for share`
}

function lost(): never {
  throw new Interruption('lost')
}

/** Ends what a cancelled job left open. */
export async function endOpenSteps(sql: Sql, jobId: string, result: Json): Promise<void> {
  await sql`
    update windmill.steps
    set state = 'done', success = false, result = ${text(sql, result)}, retry_at = null,
      completed_at = clock_timestamp()
    where job_id = ${jobId} and state <> 'done'`
}
