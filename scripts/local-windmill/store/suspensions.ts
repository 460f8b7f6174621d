import type { Sql } from 'postgres'
import type { Json, JsonObject } from '../json.ts'
import { CHANNEL, type JobRow, text } from './jobs.ts'

export type Suspension = {
  step_id: string
  job_id: string
  required_events: number
  until: Date
  settings: JsonObject
  outcome: Json
}

export type Answer = {
  target_id: string
  resume_id: number
  approved: boolean
  value: Json
  approver: string | null
  username: string | null
}

/** Begins to wait behind a step; one that waits already goes on with its own end. */
export async function beginSuspension(
  sql: Sql,
  given: Pick<Suspension, 'step_id' | 'job_id' | 'required_events' | 'settings'>,
  timeoutSeconds: number,
): Promise<Suspension> {
  const [row] = await sql<Suspension[]>`
    insert into windmill.suspensions (step_id, job_id, required_events, until, settings)
    values (${given.step_id}, ${given.job_id}, ${given.required_events},
      now() + make_interval(secs => ${timeoutSeconds}), ${text(sql, given.settings)})
    on conflict (step_id) do update set job_id = excluded.job_id
    returning *`
  if (!row) throw new Error(`step ${given.step_id} could not be waited behind`)
  return row
}

export async function findSuspension(sql: Sql, stepId: string): Promise<Suspension | null> {
  const [row] = await sql<Suspension[]>`
    select * from windmill.suspensions where step_id = ${stepId}`
  return row ?? null
}

export async function endSuspension(sql: Sql, stepId: string, outcome: Json): Promise<void> {
  await sql`
    update windmill.suspensions set outcome = ${text(sql, outcome)}
    where step_id = ${stepId} and outcome is null`
}

/** The answers given to any of `targetIds`, oldest first, and how many the whole job has had. */
export async function answersTo(
  sql: Sql,
  jobId: string,
  targetIds: string[],
): Promise<{ seen: number; answers: Answer[]; now: Date }> {
  // Counted before they are read: what comes in between is seen and not counted, never the reverse.
  const [job] = await sql<{ answers: number; now: Date }[]>`
    select answers, now() from windmill.jobs where id = ${jobId}`
  const answers = await sql<Answer[]>`
    select target_id, resume_id::int8::float8 as resume_id, approved, value, approver, username
    from windmill.resumes where target_id = any(${targetIds}::uuid[]) order by created_at`
  return { seen: job?.answers ?? 0, answers, now: job?.now ?? new Date() }
}

/** Takes an answer and wakes its job. Answers false, and changes nothing, where it came before. */
export async function addAnswer(sql: Sql, jobId: string, answer: Answer): Promise<boolean> {
  return sql.begin(async (tx) => {
    const rows = await tx`
      insert into windmill.resumes (target_id, resume_id, job_id, approved, value, approver, username)
      values (${answer.target_id}, ${answer.resume_id}, ${jobId}, ${answer.approved},
        ${JSON.stringify(answer.value)}::text::json, ${answer.approver}, ${answer.username})
      on conflict do nothing returning target_id`
    if (rows.length === 0) return false
    await tx`
      update windmill.jobs set answers = answers + 1, suspend_until = null where id = ${jobId}`
    await tx`select pg_notify(${CHANNEL}, ${`answered:${jobId}`})`
    return true
  })
}

/**
 * Lets go of a job until somebody answers or `until` comes; not if somebody has by now, whom the
 * job has not seen.
 */
export async function parkJob(sql: Sql, job: JobRow, until: Date, seen: number): Promise<void> {
  await sql`
    update windmill.jobs set suspend_until = ${until}
    where id = ${job.id} and owner = ${job.owner} and attempt = ${job.attempt}
      and answers = ${seen} and completed_at is null`
}

export type SuspensionView = Suspension & { received: number }

/** What is or was waited behind each of these steps. */
export async function suspensionsBehind(sql: Sql, stepIds: string[]): Promise<SuspensionView[]> {
  return sql<SuspensionView[]>`
    select suspension.*, (
      select count(*)::int from windmill.resumes resume
      where resume.approved and resume.target_id in (step.id, step.parent_id)
    ) as received
    from windmill.suspensions suspension join windmill.steps step on step.id = suspension.step_id
    where step.id = any(${stepIds}::uuid[])`
}

/** What these jobs wait for now, anywhere inside them. */
export async function openSuspensions(sql: Sql, jobIds: string[]): Promise<SuspensionView[]> {
  return sql<SuspensionView[]>`
    select *, 0 as received from windmill.suspensions
    where job_id = any(${jobIds}::uuid[]) and outcome is null`
}

/** The step that a flow waits behind now: directly, or else anywhere inside the job. */
export async function waitedBehind(sql: Sql, id: string): Promise<string | null> {
  const [row] = await sql<{ step_id: string }[]>`
    select suspension.step_id
    from windmill.suspensions suspension join windmill.steps step on step.id = suspension.step_id
    where suspension.outcome is null and ${id}::uuid in (step.parent_id, suspension.job_id)
    order by step.parent_id = ${id} desc, step.started_at limit 1`
  return row?.step_id ?? null
}
