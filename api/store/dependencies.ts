import type { TaskDependency } from '../core/entities/task.ts'
import type { Db, Tx } from './database.ts'

export interface NewDependency extends TaskDependency {
  project_id: number
}

/** From so many edges on, making plans anew costs nothing beside what a bad one does. */
const many = 1000

/**
 * Adds edges, any number in one statement. An edge that is there follows its own source; another
 * one strengthens it and never weakens it.
 * Answers those that were new or changed. A circle of hard ones is refused by the database.
 */
export async function addDependencies(tx: Tx, edges: readonly NewDependency[]) {
  if (edges.length === 0) return []
  // Foreign keys keep the plan of this connection's first check: made while there were few tasks,
  // it reads all of them for each edge.
  if (edges.length >= many) await tx`discard plans`
  return tx<TaskDependency[]>`
    insert into task_dependencies as d
      (task_id, depends_on_id, project_id, kind, confidence, source)
    select task_id, depends_on_id, project_id, kind, confidence, source
    from jsonb_to_recordset(${tx.json(edges as never)}) as e(task_id bigint,
      depends_on_id bigint, project_id bigint, kind text, confidence real, source text)
    on conflict (task_id, depends_on_id) do update
      set kind = excluded.kind, confidence = excluded.confidence, source = excluded.source
      where (d.source = excluded.source
          and (d.kind, d.confidence) is distinct from (excluded.kind, excluded.confidence))
        or (excluded.kind, d.kind) = ('hard', 'suggested')
        or (excluded.kind = d.kind and excluded.confidence > d.confidence)
    returning task_id, depends_on_id, kind, confidence, source`
}

export async function removeDependency(tx: Tx, taskId: number, dependsOnId: number) {
  const removed = await tx`
    delete from task_dependencies where task_id = ${taskId} and depends_on_id = ${dependsOnId}
    returning 1`
  return removed.length > 0
}

export async function removeDependencies(
  tx: Tx,
  edges: readonly Pick<TaskDependency, 'task_id' | 'depends_on_id'>[],
): Promise<void> {
  if (edges.length === 0) return
  await tx`
    delete from task_dependencies d
    using jsonb_to_recordset(${tx.json(edges as never)}) as e(task_id bigint, depends_on_id bigint)
    where (d.task_id, d.depends_on_id) = (e.task_id, e.depends_on_id)`
}

/** Removes the edges of a source that it no longer names, and answers how many those were. */
export async function removeStaleDependencies(
  tx: Tx,
  source: 'spec' | 'protocol',
  taskIds: readonly number[],
  keep: readonly Pick<TaskDependency, 'task_id' | 'depends_on_id'>[],
): Promise<number> {
  if (taskIds.length === 0) return 0
  const removed = await tx`
    delete from task_dependencies d
    where d.source = ${source} and d.task_id = any(${taskIds as number[]})
      and (d.task_id, d.depends_on_id) not in (
        select task_id, depends_on_id from jsonb_to_recordset(${tx.json(keep as never)})
          as k(task_id bigint, depends_on_id bigint))
    returning 1`
  return removed.length
}

export async function dependenciesOf(db: Db, taskId: number): Promise<TaskDependency[]> {
  return db<TaskDependency[]>`
    select task_id, depends_on_id, kind, confidence, source from task_dependencies
    where task_id = ${taskId} or depends_on_id = ${taskId}
    order by task_id, depends_on_id`
}

/** The dependencies of several tasks, not what depends on them. */
export async function dependenciesOfTasks(
  db: Db,
  taskIds: readonly number[],
): Promise<TaskDependency[]> {
  return db<TaskDependency[]>`
    select task_id, depends_on_id, kind, confidence, source from task_dependencies
    where task_id = any(${taskIds as number[]}) order by task_id, depends_on_id`
}

/** Tasks that are not archived and depend on one of these. */
export async function dependentsOf(db: Db, taskIds: readonly number[]) {
  if (taskIds.length === 0) return []
  return db<{ code: string; depends_on: string }[]>`
    select t.code, o.code as depends_on
    from task_dependencies d join tasks t on t.id = d.task_id join tasks o on o.id = d.depends_on_id
    where d.depends_on_id = any(${taskIds as number[]}) and t.board_status <> 'archived'
    order by t.id, o.id`
}

/** Per task, the codes of those it must wait for by hard dependencies and that are not done. */
export async function unmetDependencies(
  db: Db,
  taskIds: readonly number[],
): Promise<Map<number, string[]>> {
  if (taskIds.length === 0) return new Map()
  const rows = await db<{ task_id: number; codes: string[] }[]>`
    select d.task_id, array_agg(o.code order by o.code) as codes
    from task_dependencies d join tasks o on o.id = d.depends_on_id
    where d.task_id = any(${taskIds as number[]}) and d.kind = 'hard'
      and o.board_status not in ('done', 'archived') group by d.task_id`
  return new Map(rows.map((row) => [row.task_id, row.codes]))
}
