import type { Fragment, Sql, TransactionSql } from 'postgres'
import type { JobRow } from './jobs.ts'

/** Keeps the advisory locks of jobs apart from those of anything else on this database. */
const SEED = 7_046_029

/**
 * Takes up to `limit` open jobs that nobody runs. A job belongs to the session that holds its
 * lock: it cannot be stolen from a living engine, and is free the moment its engine dies.
 *
 * `locks` must be one connection that is never recycled, or the locks vanish with it.
 */
export async function claimJobs(
  locks: Sql,
  workspace: string,
  owner: string,
  running: string[],
  limit: number,
): Promise<JobRow[]> {
  // A CTE scan under a limit locks row by row and stops, so no lock is taken in vain.
  const [found] = await locks<{ ids: string[]; limited: boolean }[]>`
    with due as materialized (
      select id from windmill.jobs
      where ${isDue(locks, workspace, running)} and not ${isLimited(locks)}
      order by created_at
    )
    select
      array(select id from due where ${isLocked(locks)} limit ${limit}) as ids,
      exists (select from windmill.jobs
        where ${isDue(locks, workspace, running)} and ${isLimited(locks)}) as limited`
  const { ids = [], limited = false } = found ?? {}
  const claimed = await take(locks, owner, ids)
  const room = limit - claimed.length
  if (!limited || room <= 0) return claimed
  return [...claimed, ...(await claimLimited(locks, workspace, owner, running, room))]
}

/**
 * Jobs that others with the same key may hold up: the first of those that wait begin, as long as
 * fewer run, and have run within the window, than may. One engine looks at a time, so that two
 * cannot both find the last place free.
 */
async function claimLimited(
  locks: Sql,
  workspace: string,
  owner: string,
  running: string[],
  limit: number,
): Promise<JobRow[]> {
  const claimed = await locks.begin(async (tx) => {
    await tx`select pg_advisory_xact_lock(${SEED}, 0)`
    const rows = await tx<{ id: string }[]>`
      with due as materialized (
        select id from windmill.jobs job
        where ${isDue(tx, workspace, running)} and ${isLimited(tx)}
          and concurrent_limit > (
            select count(*) from windmill.jobs other
            where other.concurrency_key = job.concurrency_key and other.id <> job.id
              and case
                when other.completed_at is not null then other.completed_at
                  > now() - make_interval(secs => job.concurrency_window_s)
                when other.started_at is not null then true
                else other.canceled_at is null and other.scheduled_for <= now()
                  and (other.created_at, other.id) < (job.created_at, job.id)
              end
          )
        order by created_at
      )
      select id from due where ${isLocked(tx)} limit ${limit}`
    return take(
      tx,
      owner,
      rows.map(({ id }) => id),
    )
  })
  return claimed
}

function isDue(sql: Sql | TransactionSql, workspace: string, running: string[]): Fragment {
  return sql`workspace = ${workspace} and completed_at is null
    and (canceled_at is not null
      or (scheduled_for <= now() and (suspend_until is null or suspend_until <= now())))
    and id <> all(${running}::uuid[])`
}

/** One that has begun keeps its place, and one that is cancelled needs none. */
function isLimited(sql: Sql | TransactionSql): Fragment {
  return sql`(concurrency_key is not null and started_at is null and canceled_at is null)`
}

function isLocked(sql: Sql | TransactionSql): Fragment {
  return sql`pg_try_advisory_lock(hashtextextended(id::text, ${SEED}))`
}

/** Of jobs that are locked, those that are still open; the others are let go of. */
async function take(locks: Sql | TransactionSql, owner: string, ids: string[]): Promise<JobRow[]> {
  if (ids.length === 0) return []
  const claimed = await locks<JobRow[]>`
    update windmill.jobs
    set owner = ${owner}, attempt = attempt + 1, suspend_until = null,
      started_at = coalesce(started_at, now())
    where id = any(${ids}::uuid[]) and completed_at is null
    returning *`
  const got = new Set(claimed.map((job) => job.id))
  for (const id of ids) if (!got.has(id)) await releaseJob(locks, id)
  return claimed
}

export async function releaseJob(locks: Sql | TransactionSql, id: string): Promise<void> {
  await locks`select pg_advisory_unlock(hashtextextended(${id}::text, ${SEED}))`
}
