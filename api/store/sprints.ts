import { Sprint } from '../core/entities/sprint.ts'
import type { PointTotals } from '../core/velocity.ts'
import { columnsOf, type Db, rowFor, type Tx } from './database.ts'
import { after, type Page, pageOf } from './page.ts'

const columns = columnsOf(Sprint)

export type NewSprint = Pick<Sprint, 'project_id' | 'code' | 'name'> & Partial<Sprint>

export async function insertSprint(tx: Tx, sprint: NewSprint): Promise<Sprint> {
  const [row] = await tx<Sprint[]>`
    insert into sprints ${rowFor(tx, sprint)} returning ${tx(columns)}`
  return row as Sprint
}

export async function findSprint(db: Db, id: number): Promise<Sprint | undefined> {
  const [row] = await db<Sprint[]>`select ${db(columns)} from sprints where id = ${id}`
  return row
}

export async function findSprints(db: Db, ids: readonly number[]): Promise<Sprint[]> {
  return db<Sprint[]>`
    select ${db(columns)} from sprints where id = any(${ids as number[]}) order by id`
}

/**
 * Locks a sprint to start, end, link or change it: waits for all who keep it, and they for this one.
 * Stronger than what an update needs: counting updates it too, and does so beside those who keep it.
 * In which order all is locked: services/lock.ts.
 */
export async function lockSprint(tx: Tx, id: number): Promise<Sprint | undefined> {
  const [row] = await lockSprints(tx, [id])
  return row
}

export async function lockSprints(tx: Tx, ids: readonly number[]): Promise<Sprint[]> {
  if (ids.length === 0) return []
  return tx<Sprint[]>`
    select ${tx(columns)} from sprints where id = any(${ids as number[]}) order by id for update`
}

/** Keeps sprints as they are but for what is counted, beside all others who do so. */
export async function keepSprints(tx: Tx, ids: readonly number[]): Promise<Sprint[]> {
  if (ids.length === 0) return []
  return tx<Sprint[]>`
    select ${tx(columns)} from sprints where id = any(${ids as number[]}) order by id
    for key share`
}

/**
 * Locks a sprint to write down what was counted, beside all who keep it: by turns with others who
 * count and with who ends it. Nothing else of the sprint may be written under this lock.
 */
export async function lockSprintToCount(tx: Tx, id: number): Promise<Sprint | undefined> {
  const [row] = await tx<Sprint[]>`
    select ${tx(columns)} from sprints where id = ${id} for no key update`
  return row
}

export async function findSprintByCode(db: Db, projectId: number, code: string) {
  const [row] = await db<Sprint[]>`
    select ${db(columns)} from sprints where project_id = ${projectId} and code = ${code}`
  return row
}

export async function listSprints(
  db: Db,
  filter: Page & {
    project_id?: number | undefined
    spec_id?: number | undefined
    status?: string | undefined
    code?: string | undefined
  },
) {
  const rows = await db<Sprint[]>`
    select ${db(columns)} from sprints
    where id > ${after(filter)}
      ${filter.project_id ? db`and project_id = ${filter.project_id}` : db``}
      ${filter.spec_id ? db`and spec_id = ${filter.spec_id}` : db``}
      ${filter.status ? db`and status = ${filter.status}` : db``}
      ${filter.code ? db`and code = ${filter.code}` : db``}
    order by id limit ${filter.limit + 1}`
  return pageOf(rows, filter, (row) => row.id)
}

export async function updateSprint(tx: Tx, id: number, changes: Partial<Sprint>): Promise<Sprint> {
  const [row] = await tx<Sprint[]>`
    update sprints set ${rowFor(tx, changes, ['report'])}, updated_at = now()
    where id = ${id} returning ${tx(columns)}`
  return row as Sprint
}

/** The newest sprint of a spec that has not ended: its own, or one that holds its tasks. */
export async function newestOpenSprintOfSpec(db: Db, specId: number) {
  const [row] = await db<Sprint[]>`
    select ${db(columns)} from sprints
    where status in ('planning', 'active') and (spec_id = ${specId}
      or id in (select sprint_id from tasks where spec_id = ${specId}))
    order by id desc limit 1`
  return row
}

/** The next open sprint of a project after the given one, by planned start, else by age. */
export async function nextOpenSprint(db: Db, sprint: Sprint) {
  const [row] = await db<Sprint[]>`
    select ${db(columns)} from sprints
    where project_id = ${sprint.project_id} and id <> ${sprint.id}
      and status in ('planning', 'active')
      and (coalesce(start_date, created_at), id)
        > (coalesce(${sprint.start_date}::timestamptz, ${sprint.created_at}::timestamptz),
           ${sprint.id}::bigint)
    order by coalesce(start_date, created_at), id limit 1`
  return row
}

/** Point sums of a sprint in one pass over one index; undefined where there is no such sprint. */
export async function pointsOfSprint(db: Db, id: number): Promise<PointTotals | undefined> {
  const [row] = await db<PointTotals[]>`
    select
      coalesce(sum(t.story_points), 0)::integer as total,
      coalesce(sum(t.story_points) filter (where t.board_status = 'done'), 0)::integer
        as completed,
      coalesce(sum(t.story_points) filter (where t.board_status = 'done'
        and s.started_at is not null
        and (t.completed_at is null or t.completed_at < s.started_at)), 0)::integer
        as "completedBeforeStart"
    from sprints s
    left join tasks t on t.sprint_id = s.id and t.board_status <> 'archived' and not t.skipped
    where s.id = ${id} group by s.id`
  return row
}

/** The sprints of a project that were closed last, with a report, the oldest of them first. */
export async function lastClosedSprints(db: Db, projectId: number, count: number) {
  return db<Sprint[]>`
    select * from (
      select ${db(columns)} from sprints
      where project_id = ${projectId} and report is not null
      order by completed_at desc, id desc limit ${count}
    ) last order by completed_at, id`
}
