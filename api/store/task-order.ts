import type { Task } from '../core/entities/task.ts'
import type { Ordered } from '../core/ordering.ts'
import type { Db, Tx } from './database.ts'

/** The list a task stands in: its sprint's, or its project's backlog. */
export type TaskList = Pick<Task, 'project_id' | 'sprint_id'>
const inList = (db: Db, { project_id, sprint_id }: TaskList) =>
  db`project_id = ${project_id}
    and ${sprint_id === null ? db`sprint_id is null` : db`sprint_id = ${sprint_id}`}`

/** The position of the last task of a list; 0 where it is empty. */
export async function lastPosition(tx: Tx, list: TaskList): Promise<number> {
  const [row] = await tx<{ last: number }[]>`
    select position as last from tasks where ${inList(tx, list)} order by position desc limit 1`
  return row?.last ?? 0
}

/** A list in its order; whoever places tasks in it takes turns with others until the end. */
export async function lockOrder(tx: Tx, list: TaskList): Promise<Ordered[]> {
  const name = list.sprint_id === null ? `backlog ${list.project_id}` : `sprint ${list.sprint_id}`
  await tx`select pg_advisory_xact_lock(hashtextextended(${`order of ${name}`}, 0))`
  return tx<Ordered[]>`
    select id, position from tasks where ${inList(tx, list)} order by position, id`
}
