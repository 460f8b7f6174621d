import type { Db, Tx } from './database.ts'

interface SyncJob {
  job_id: string
  /** Seconds since it was started. */
  age: number
}

/** The flow that was started last, because of a change, to bring files and database together. */
export async function lastSyncJob(tx: Tx, projectId: number): Promise<SyncJob | undefined> {
  const [row] = await tx<SyncJob[]>`
    select job_id, extract(epoch from clock_timestamp() - started_at)::float8 as age
    from delegation_syncs where project_id = ${projectId} and job_id is not null`
  return row
}

export async function noteSyncJob(tx: Tx, projectId: number, jobId: string): Promise<void> {
  await tx`
    insert into delegation_syncs (project_id, job_id, started_at)
    values (${projectId}, ${jobId}, clock_timestamp())
    on conflict (project_id) do update
      set job_id = excluded.job_id, started_at = excluded.started_at`
}

/** What has happened to a project's files, in numbers. */
export interface Rounds {
  /** Syncs and confirmations. */
  round: number
  /** What people have decided about them: conflicts resolved, the setting changed. */
  decisions: number
}

export async function syncRounds(db: Db, projectId: number): Promise<Rounds> {
  const [row] = await db<Rounds[]>`
    select round, decisions from delegation_syncs where project_id = ${projectId}`
  return row ?? { round: 0, decisions: 0 }
}

/** Counts one more round, and locks it until the transaction ends. Answers what it was before. */
export async function lockSyncRounds(tx: Tx, projectId: number): Promise<Rounds> {
  const [row] = await tx<Rounds[]>`
    insert into delegation_syncs (project_id, round) values (${projectId}, 1)
    on conflict (project_id) do update set round = delegation_syncs.round + 1
    returning round - 1 as round, decisions`
  return row ?? { round: 0, decisions: 0 }
}

/**
 * Counts a decision about the files of these projects. Waits for a sync that is writing; one that
 * has only read looks again. To be taken before any other lock, as syncs do.
 */
export async function countDecision(tx: Tx, projectIds: readonly number[]): Promise<void> {
  await tx`
    insert into delegation_syncs (project_id, decisions)
    select distinct unnest(${projectIds as number[]}::bigint[]), 1 order by 1
    on conflict (project_id) do update set decisions = delegation_syncs.decisions + 1`
}
