import type { Claim } from '../core/entities/session.ts'
import type { Task } from '../core/entities/task.ts'
import type { Db, Tx } from './database.ts'
import type { SessionRow } from './sessions.ts'

/** A claim that has not ended. Made and ended only while its task is locked. */
export interface LiveClaim extends Claim {
  id: number
  session_id: number
  /** By the clock of the database: its session has not been heard of for too long. */
  lapsed: boolean
}

const live = (db: Db) => db`
  select c.id, c.task_id, t.code as task_code, c.session_id, s.key as session_key, s.agent,
    c.claimed_at, s.lease_until,
    s.lease_until <= now() or s.state <> 'active' as lapsed
  from task_claims c
  join work_sessions s on s.id = c.session_id
  join tasks t on t.id = c.task_id
  where c.ended_at is null`

export async function liveClaims(db: Db, taskIds: readonly number[]): Promise<LiveClaim[]> {
  if (taskIds.length === 0) return []
  return db<LiveClaim[]>`${live(db)} and c.task_id = any(${taskIds as number[]}) order by c.task_id`
}

/** What a session has claimed, lapsed or not. */
export async function claimsOf(db: Db, sessionId: number): Promise<Claim[]> {
  return db<Claim[]>`
    select task_id, task_code, session_key, agent, claimed_at, lease_until
    from (${live(db)} and c.session_id = ${sessionId}) claims order by task_id`
}

export type LapsedTask = Pick<Task, 'id' | 'step_run_id' | 'protocol_run_id'>

/** Tasks whose claims have lapsed, those of these sprints alone where some are given. */
export async function lapsedTasks(
  db: Db,
  limit: number,
  sprintIds?: readonly number[],
): Promise<LapsedTask[]> {
  return db<LapsedTask[]>`
    select t.id, t.step_run_id, t.protocol_run_id
    from (
      ${live(db)} ${sprintIds ? db`and t.sprint_id = any(${sprintIds as number[]})` : db``}
    ) claims join tasks t on t.id = claims.task_id
    where lapsed order by claims.id limit ${limit}`
}

/** Claims a locked task for a session; the database refuses a second live claim. */
export async function insertClaim(tx: Tx, taskId: number, sessionId: number): Promise<void> {
  await tx`insert into task_claims (task_id, session_id) values (${taskId}, ${sessionId})`
}

export async function endClaims(tx: Tx, ids: readonly number[]): Promise<void> {
  if (ids.length === 0) return
  await tx`
    update task_claims set ended_at = now() where id = any(${ids as number[]}) and ended_at is null`
}

/** What one session has claimed is the other's from now on. */
export async function moveClaims(tx: Tx, fromId: number, to: SessionRow): Promise<void> {
  await tx`
    update task_claims set session_id = ${to.id} where session_id = ${fromId} and ended_at is null`
}
