import type { BoardStatus } from '../core/entities/task.ts'
import type { Db, Tx } from './database.ts'

/** What somebody said about a task when they told how it stands. */
interface StatusUpdate {
  id: number
  task_id: number
  /** Where the card stood after it. */
  status: BoardStatus
  note: string | null
  reason: string | null
  actor: string
  agent: string | null
  session_key: string | null
  created_at: string
}
type NewUpdate = Omit<StatusUpdate, 'id' | 'created_at'> & { project_id: number }

export async function insertStatusUpdate(tx: Tx, update: NewUpdate): Promise<void> {
  await tx`insert into status_updates ${tx({ ...update })}`
}

/** The newest updates of each of these tasks, at most `each` of every one, the oldest first. */
export async function statusUpdatesOf(
  db: Db,
  taskIds: readonly number[],
  each: number,
): Promise<StatusUpdate[]> {
  return db<StatusUpdate[]>`
    select told.id, told.task_id, told.status, told.note, told.reason,
      told.actor, told.agent, told.session_key, told.created_at
    from unnest(${taskIds as number[]}::bigint[]) as wanted(id)
    cross join lateral (
      select * from status_updates u where u.task_id = wanted.id order by u.id desc limit ${each}
    ) told
    order by told.id`
}
