import type { Db, Tx } from './database.ts'

/**
 * Notes that a run, or a card of it, moved while the integration was off. A note that is there is
 * locked, so that nobody takes it away before this change is committed.
 */
export async function noteUnsynced(
  tx: Tx,
  projectId: number,
  notes: readonly UnsyncedNote[],
): Promise<void> {
  if (notes.length === 0) return
  await tx`
    insert into unsynced_changes (project_id, protocol_run_id, task_id, actor)
    select ${projectId}, protocol_run_id, task_id, actor
    from jsonb_to_recordset(${tx.json(notes as never)})
      as n(protocol_run_id bigint, task_id bigint, actor text)
    on conflict (protocol_run_id, task_id) do update set actor = excluded.actor`
}

/** A run that moved; with a task, a card of it that a person moved, and who that was. */
export interface UnsyncedNote {
  protocol_run_id: number
  task_id: number | null
  actor: string | null
}

/** A card that a person moved, and who that was. */
export interface MovedCard {
  task_id: number
  actor: string
}

export interface UnsyncedRun {
  project_id: number
  protocol_run_id: number
  moved: MovedCard[]
}

const switchedOn = (db: Db) => db`coalesce((p.settings->>'sprint_integration')::boolean, true)`

/** Is anything to be caught up with, in a project whose own switch is on? */
export async function anyUnsynced(db: Db): Promise<boolean> {
  const [row] = await db<{ some: boolean }[]>`
    select exists (select from unsynced_changes u join projects p on p.id = u.project_id
      where ${switchedOn(db)}) as some`
  return row?.some ?? false
}

/** Takes notes of projects whose own switch is on, some at a time; another process takes others. */
export async function takeUnsynced(tx: Tx, limit: number): Promise<UnsyncedRun[]> {
  return tx<UnsyncedRun[]>`
    with taken as (
      delete from unsynced_changes where ctid = any(array(
        select u.ctid from unsynced_changes u join projects p on p.id = u.project_id
        where ${switchedOn(tx)} order by u.protocol_run_id limit ${limit}
        for update of u skip locked))
      returning project_id, protocol_run_id, task_id, actor
    )
    select project_id, protocol_run_id,
      coalesce(jsonb_agg(jsonb_build_object('task_id', task_id, 'actor', actor) order by task_id)
        filter (where task_id is not null), '[]') as moved
    from taken group by project_id, protocol_run_id order by protocol_run_id`
}
