import { SyncConflict } from '../core/entities/conflict.ts'
import { columnsOf, type Db, type Tx } from './database.ts'
import { after, type Page, pageOf } from './page.ts'

const columns = columnsOf(SyncConflict)

export type NewConflict = Pick<
  SyncConflict,
  | 'project_id'
  | 'task_id'
  | 'step_run_id'
  | 'source'
  | 'field'
  | 'base_value'
  | 'board_value'
  | 'other_value'
  | 'actor'
>

/**
 * Keeps one open conflict per task, source and field: the same disagreement met again answers
 * nothing, a new one replaces the old.
 */
export async function recordConflicts(tx: Tx, conflicts: readonly NewConflict[]) {
  if (conflicts.length === 0) return []
  return tx<SyncConflict[]>`
    insert into sync_conflicts as c (project_id, task_id, step_run_id, source, field,
      base_value, board_value, other_value, actor)
    select project_id, task_id, step_run_id, source, field, base_value, board_value,
      other_value, actor
    from jsonb_to_recordset(${tx.json(conflicts as never)}) as n(project_id bigint,
      task_id bigint, step_run_id bigint, source text, field text, base_value jsonb,
      board_value jsonb, other_value jsonb, actor text)
    on conflict (task_id, source, field) where resolved_at is null do update
      set base_value = excluded.base_value, board_value = excluded.board_value,
        other_value = excluded.other_value, actor = excluded.actor, created_at = now()
      where (c.board_value, c.other_value)
        is distinct from (excluded.board_value, excluded.other_value)
    returning ${tx(columns)}`
}

export async function listConflicts(
  db: Db,
  filter: Page & { project_id?: number | undefined; task_id?: number | undefined },
) {
  const rows = await db<SyncConflict[]>`
    select ${db(columns)} from sync_conflicts
    where resolved_at is null and id > ${after(filter)}
      ${filter.project_id ? db`and project_id = ${filter.project_id}` : db``}
      ${filter.task_id ? db`and task_id = ${filter.task_id}` : db``}
    order by id limit ${filter.limit + 1}`
  return pageOf(rows, filter, (row) => row.id)
}
