import { type Conflict, SyncConflict } from '../core/entities/conflict.ts'
import { columnsOf, type Db, type Tx } from './database.ts'
import { after, type Page, pageOf } from './page.ts'

const columns = columnsOf(SyncConflict)
/** Of a conflict `c`, and its task `t` or its sprint `s`. */
const listed = `${columns.map((column) => `c.${column}`).join(', ')},
  coalesce(t.sprint_id, c.of_sprint_id) as sprint_id, coalesce(t.code, s.code) as task_code,
  coalesce(t.title, s.name) as task_title`
const about = `left join tasks t on t.id = c.task_id left join sprints s on s.id = c.of_sprint_id`
/** The same of one that is about a task. */
const ofTask = `${columns.map((column) => `c.${column}`).join(', ')},
  t.sprint_id, t.code as task_code, t.title as task_title`

export type NewConflict = Pick<
  SyncConflict,
  | 'project_id'
  | 'step_run_id'
  | 'source'
  | 'field'
  | 'base_value'
  | 'board_value'
  | 'other_value'
  | 'actor'
> & { task_id: number }

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

/** The same for what a sprint's own file says. */
export async function recordSprintConflicts(
  tx: Tx,
  conflicts: readonly (Omit<NewConflict, 'task_id'> & { of_sprint_id: number })[],
) {
  if (conflicts.length === 0) return []
  return tx<(SyncConflict & { of_sprint_id: number })[]>`
    insert into sync_conflicts as c (project_id, of_sprint_id, source, field,
      base_value, board_value, other_value, actor)
    select project_id, of_sprint_id, source, field, base_value, board_value, other_value, actor
    from jsonb_to_recordset(${tx.json(conflicts as never)}) as n(project_id bigint,
      of_sprint_id bigint, source text, field text, base_value jsonb, board_value jsonb,
      other_value jsonb, actor text)
    on conflict (of_sprint_id, source, field) where resolved_at is null do update
      set base_value = excluded.base_value, board_value = excluded.board_value,
        other_value = excluded.other_value, actor = excluded.actor, created_at = now()
      where (c.board_value, c.other_value)
        is distinct from (excluded.board_value, excluded.other_value)
    returning ${tx(columns)}, of_sprint_id`
}

/** Open conflicts with files, of these tasks and sprints. */
export async function openFileConflicts(
  tx: Tx,
  taskIds: readonly number[],
  sprintIds: readonly number[],
): Promise<Conflict[]> {
  return tx<Conflict[]>`
    select ${tx.unsafe(listed)} from sync_conflicts c ${tx.unsafe(about)}
    where c.source = 'file' and c.resolved_at is null
      and (c.task_id = any(${taskIds as number[]}) or c.of_sprint_id = any(${sprintIds as number[]}))
    order by c.id`
}

export async function findConflict(db: Db, id: number): Promise<Conflict | undefined> {
  const [row] = await db<Conflict[]>`
    select ${db.unsafe(listed)} from sync_conflicts c ${db.unsafe(about)}
    where c.id = ${id}`
  return row
}

/** Those of a project by their ids, or all that are open. */
export async function conflictsOfProject(
  db: Db,
  projectId: number,
  ids: readonly number[] | 'open',
): Promise<Conflict[]> {
  return db<Conflict[]>`
    select ${db.unsafe(listed)} from sync_conflicts c ${db.unsafe(about)}
    where c.project_id = ${projectId}
      and ${ids === 'open' ? db`c.resolved_at is null` : db`c.id = any(${ids as number[]})`}
    order by c.id`
}

/** The ids among these that nobody has resolved, locked. */
export async function lockOpenConflicts(tx: Tx, ids: readonly number[]): Promise<Set<number>> {
  const rows = await tx<{ id: number }[]>`
    select id from sync_conflicts where id = any(${ids as number[]}) and resolved_at is null
    order by id for update`
  return new Set(rows.map((row) => row.id))
}

export async function resolveConflicts(
  tx: Tx,
  ids: readonly number[],
  side: 'board' | 'other' | 'superseded',
  actor: string,
): Promise<Conflict[]> {
  if (ids.length === 0) return []
  await tx`
    update sync_conflicts set resolved_at = now(), resolved_by = ${actor}, resolution = ${side}
    where id = any(${ids as number[]})`
  return tx<Conflict[]>`
    select ${tx.unsafe(listed)} from sync_conflicts c ${tx.unsafe(about)}
    where c.id = any(${ids as number[]}) order by c.id`
}

export interface StandingCard {
  task_id: number
  board_status: string
}

/**
 * Card and step agree on a column: closes the conflicts of cards that were wanted there, and of
 * cards that were kept where they stood, since their sprint had ended, and follow now.
 */
export async function supersedeByStep(tx: Tx, cards: readonly StandingCard[], actor: string) {
  if (cards.length === 0) return []
  return tx<Conflict[]>`
    update sync_conflicts c
    set resolved_at = now(), resolved_by = ${actor}, resolution = 'superseded'
    from tasks t, jsonb_to_recordset(${tx.json(cards as never)})
      as n(task_id bigint, board_status text)
    where c.task_id = n.task_id and t.id = n.task_id and c.source = 'protocol'
      and c.resolved_at is null
      and (c.board_value = to_jsonb(n.board_status) or c.board_value = c.base_value)
    returning ${tx.unsafe(ofTask)}`
}

export async function supersedeByHand(tx: Tx, taskId: number, actor: string) {
  return tx<Conflict[]>`
    update sync_conflicts c
    set resolved_at = now(), resolved_by = ${actor}, resolution = 'superseded'
    from tasks t
    where t.id = c.task_id and t.id = ${taskId} and c.source = 'protocol'
      and c.resolved_at is null
    returning ${tx.unsafe(ofTask)}`
}

/** Closes conflicts about fields in which a task says what the last import read of it. */
export async function supersedeByFile(
  tx: Tx,
  taskIds: readonly number[],
  resolution: 'superseded' | 'other',
  actor: string,
) {
  if (taskIds.length === 0) return []
  return tx<Conflict[]>`
    update sync_conflicts c
    set resolved_at = now(), resolved_by = ${actor}, resolution = ${resolution}
    from tasks t
    where t.id = c.task_id and t.id = any(${taskIds as number[]}) and c.source = 'spec'
      and c.resolved_at is null and case c.field
        when 'board_status' then case
          when t.imported->>'mark' = 'done' then t.board_status = 'done'
          when t.imported->>'mark' in ('cancelled', 'absent') then t.board_status = 'archived'
          else t.board_status not in ('done', 'archived') end
        -- Both ways, so that the order of a list does not count.
        else to_jsonb(t)->c.field @> (t.imported->(case c.field
            when 'story_points' then 'points' else c.field end))
          and to_jsonb(t)->c.field <@ (t.imported->(case c.field
            when 'story_points' then 'points' else c.field end)) end
    returning ${tx.unsafe(ofTask)}`
}

export interface ConflictFilter {
  project_id?: number | undefined
  sprint_id?: number | undefined
  task_id?: number | undefined
  source?: SyncConflict['source'] | undefined
  state: 'open' | 'resolved' | 'all'
}

export async function listConflicts(db: Db, filter: Page & ConflictFilter) {
  const states = {
    open: db`and c.resolved_at is null`,
    resolved: db`and c.resolved_at is not null`,
    all: db``,
  }
  const rows = await db<Conflict[]>`
    select ${db.unsafe(listed)} from sync_conflicts c ${db.unsafe(about)}
    where c.id > ${after(filter)} ${states[filter.state]}
      ${filter.project_id ? db`and c.project_id = ${filter.project_id}` : db``}
      ${filter.sprint_id ? db`and coalesce(t.sprint_id, c.of_sprint_id) = ${filter.sprint_id}` : db``}
      ${filter.task_id ? db`and c.task_id = ${filter.task_id}` : db``}
      ${filter.source ? db`and c.source = ${filter.source}` : db``}
    order by c.id limit ${filter.limit + 1}`
  return pageOf(rows, filter, (row) => row.id)
}
