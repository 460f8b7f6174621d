import type { Sql } from 'postgres'
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
  const locked = await locks<{ id: string }[]>`
    with due as materialized (
      select id from windmill.jobs
      where workspace = ${workspace} and completed_at is null
        and (canceled_at is not null
          or (scheduled_for <= now() and (suspend_until is null or suspend_until <= now())))
        and id <> all(${running}::uuid[])
      order by created_at
    )
    select id from due where pg_try_advisory_lock(hashtextextended(id::text, ${SEED})) limit ${limit}`
  if (locked.length === 0) return []
  const ids = locked.map((row) => row.id)
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

export async function releaseJob(locks: Sql, id: string): Promise<void> {
  await locks`select pg_advisory_unlock(hashtextextended(${id}::text, ${SEED}))`
}
