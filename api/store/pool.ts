import type { Db, Tx } from './database.ts'

/** Which tasks an agent may be given. */
export interface Pool {
  sprintIds: readonly number[]
  agent: string | null
  labels: readonly string[]
}

/** Open sprints of a project, in the order in which they were made. */
export async function openSprintsOf(db: Db, projectId: number): Promise<number[]> {
  const rows = await db<{ id: number }[]>`
    select id from sprints where project_id = ${projectId} and status in ('planning', 'active')
    order by id`
  return rows.map(({ id }) => id)
}

/** Runs whose steps have cards to do in these sprints, and which no flow executes. */
export async function runsOfPool(db: Db, sprintIds: readonly number[]): Promise<number[]> {
  const rows = await db<{ id: number }[]>`
    select r.id from protocol_runs r
    where r.execution is null and r.status not in ('paused', 'cancelled') and exists (
      select from tasks t where t.protocol_run_id = r.id and t.step_run_id is not null
        and t.sprint_id = any(${sprintIds as number[]}) and t.board_status in ('todo', 'in_progress'))
    order by r.id`
  return rows.map(({ id }) => id)
}

const ofPool = (db: Db, { sprintIds, labels }: Pool) => db`
  t.sprint_id = any(${sprintIds as number[]}) and t.board_status = 'todo'
  ${labels.length > 0 ? db`and t.labels @> ${labels as string[]}::text[]` : db``}`

/** Whether the task `t` has a hard dependency that is open. */
export const waits = (db: Db) => db`exists (
  select from task_dependencies d join tasks o on o.id = d.depends_on_id
  where d.task_id = t.id and d.kind = 'hard' and o.board_status not in ('done', 'archived'))`

const isFree = (db: Db, agent: string | null) => db`(t.assignee is null
  ${agent === null ? db`` : db`or t.assignee = ${agent}`})`

/**
 * The next ready task: nobody's or this agent's, with no hard dependency open, by priority, then
 * by its place. Cards of steps only of these runs, which the caller has locked. With `lock`, the
 * task is locked, and tasks that others are about to take are passed over rather than waited for.
 *
 * In turn, and no further than to the first: what a task waits for, then whether it can be had.
 * `offset 0` and the value asked for, rather than its existence, keep it so: joined to the claims of
 * all, a plan made while there were few looked through every one of them for each task.
 */
export async function nextOfPool(
  tx: Tx,
  pool: Pool,
  runIds: readonly number[],
  lock: boolean,
): Promise<number | undefined> {
  const isOpen = tx`${ofPool(tx, pool)} and ${isFree(tx, pool.agent)}`
  const [row] = await tx<{ id: number }[]>`
    select had.id from (
      select t.id from (
        select t.id from tasks t
        where ${isOpen} and (t.step_run_id is null or t.protocol_run_id = any(${runIds as number[]}))
        order by array_position(array['critical', 'high', 'medium', 'low'], t.priority),
          t.position, t.id
        offset 0) t
      where (select ${waits(tx)}) is false
      offset 0) ready
    cross join lateral (
      select t.id from tasks t
      where t.id = ready.id and ${isOpen}
        and not exists (select from task_claims c where c.task_id = t.id and c.ended_at is null)
      ${lock ? tx`for no key update of t skip locked` : tx``}) had
    limit 1`
  return row?.id
}

/** Why there is none. */
export async function stateOfPool(db: Db, pool: Pool) {
  const [row] = await db<{ todo: number; waiting: number; assigned: number; in_work: number }[]>`
    select count(*) filter (where ${ofPool(db, pool)}) as todo,
      count(*) filter (where ${ofPool(db, pool)} and ${waits(db)}) as waiting,
      count(*) filter (where ${ofPool(db, pool)} and not ${isFree(db, pool.agent)}) as assigned,
      count(*) filter (where t.board_status in ('in_progress', 'review', 'testing')) as in_work
    from tasks t where t.sprint_id = any(${pool.sprintIds as number[]})`
  return row ?? { todo: 0, waiting: 0, assigned: 0, in_work: 0 }
}
