import { Task } from '../core/entities/task.ts'
import { columnsOf, type Db, type Tx } from './database.ts'
import { after, type Page, pageOf } from './page.ts'

const columns = columnsOf(Task)

/** A task as it is kept: with the step version last applied, and what the last import read. */
export interface TaskRow extends Task {
  step_version: number | null
  imported: Record<string, unknown> | null
}
const kept = [...columns, 'step_version', 'imported']

/** What the world sees of a kept row. */
export const seen = ({ step_version: _, imported: __, ...task }: TaskRow): Task => task

export type NewTask = Pick<Task, 'project_id' | 'code' | 'title'> & Partial<Omit<TaskRow, 'id'>>

/** Columns a new row may set, with the type Postgres reads them as. */
const insertable = {
  project_id: 'bigint',
  sprint_id: 'bigint',
  protocol_run_id: 'bigint',
  step_run_id: 'bigint',
  step_version: 'bigint',
  spec_id: 'bigint',
  external_id: 'text',
  occurrence: 'integer',
  imported: 'jsonb',
  code: 'text',
  type: 'text',
  title: 'text',
  description: 'text',
  board_status: 'text',
  blocked_reason: 'text',
  skipped: 'boolean',
  priority: 'text',
  story_points: 'integer',
  hand_set: 'text[]',
  labels: 'text[]',
  acceptance_criteria: 'text[]',
  objectives: 'text[]',
  deliverables: 'text[]',
  agent_config: 'jsonb',
  assignee: 'text',
  position: 'integer',
  due_date: 'timestamptz',
  started_at: 'timestamptz',
  completed_at: 'timestamptz',
} as const

const unstarted: readonly Task['board_status'][] = ['backlog', 'todo', 'archived']

const defaults = {
  type: 'task',
  description: '',
  board_status: 'backlog',
  skipped: false,
  priority: 'medium',
  hand_set: [],
  labels: [],
  acceptance_criteria: [],
  objectives: [],
  deliverables: [],
  agent_config: {},
  position: 0,
}

/**
 * Inserts any number of tasks in one statement; rows come back in the order given. A task that is
 * done was done just now, unless it says null: then at a time that nobody knows.
 */
export async function insertTasks(tx: Tx, tasks: readonly NewTask[]): Promise<TaskRow[]> {
  if (tasks.length === 0) return []
  // Postgres reads "now" as the time of the transaction.
  const rows = tasks.map((task) => {
    const done = task.board_status === 'done'
    const undated = done && task.completed_at === null
    return {
      ...defaults,
      ...task,
      started_at: undated || unstarted.includes(task.board_status ?? 'backlog') ? null : 'now',
      completed_at: done && !undated ? 'now' : null,
    }
  })
  const names = Object.keys(insertable)
  const shape = Object.entries(insertable).map(([column, type]) => `${column} ${type}`)
  return tx<TaskRow[]>`
    insert into tasks ${tx.unsafe(`(${names.join(', ')})`)}
    select ${tx.unsafe(names.join(', '))}
    from jsonb_to_recordset(${tx.json(rows as never)}) as t(${tx.unsafe(shape.join(', '))})
    returning ${tx(kept)}`
}

export async function findTask(db: Db, id: number): Promise<Task | undefined> {
  const [row] = await db<Task[]>`select ${db(columns)} from tasks where id = ${id}`
  return row
}

export async function lockTask(tx: Tx, id: number): Promise<TaskRow | undefined> {
  const [row] = await tx<TaskRow[]>`
    select ${tx(kept)} from tasks where id = ${id} for no key update`
  return row
}

export async function findTasks(db: Db, ids: readonly number[]): Promise<Task[]> {
  return db<Task[]>`select ${db(columns)} from tasks where id = any(${ids as number[]})`
}

export async function lockTasks(tx: Tx, ids: readonly number[]): Promise<TaskRow[]> {
  return tx<TaskRow[]>`
    select ${tx(kept)} from tasks where id = any(${ids as number[]}) order by id
    for no key update`
}

/** Which tasks a run or a spec has, and the sprints they are in. */
export async function cardsOf(db: Db, of: { protocol_run_id: number } | { spec_id: number }) {
  return db<Pick<Task, 'id' | 'sprint_id'>[]>`
    select id, sprint_id from tasks
    where ${'spec_id' in of ? db`spec_id = ${of.spec_id}` : db`protocol_run_id = ${of.protocol_run_id}`}`
}

export async function tasksOfSpec(db: Db, specId: number): Promise<TaskRow[]> {
  return db<TaskRow[]>`select ${db(kept)} from tasks where spec_id = ${specId} order by id`
}

export async function lockTasksOfSprint(tx: Tx, sprintId: number): Promise<TaskRow[]> {
  return tx<TaskRow[]>`
    select ${tx(kept)} from tasks where sprint_id = ${sprintId} order by id for no key update`
}

/** What a sprint holds that is not archived. */
export async function openTasksIn(db: Db, sprintId: number) {
  return db<Pick<Task, 'id' | 'code' | 'title' | 'external_id'>[]>`
    select id, code, title, external_id from tasks where sprint_id = ${sprintId} and board_status <> 'archived'
    order by id`
}

/** The tasks of a sprint, and others besides, such as those it has carried over. */
export async function tasksOfSprint(
  db: Db,
  sprintId: number,
  others: readonly number[],
): Promise<Task[]> {
  return db<Task[]>`
    select ${db(columns)} from tasks
    where sprint_id = ${sprintId} or id = any(${others as number[]}) order by position, id`
}

/** What people call some cards, and where these are, by id. */
export async function cardNames(db: Db, ids: readonly number[]) {
  const rows = await db<Pick<Task, 'id' | 'code' | 'title' | 'sprint_id'>[]>`
    select id, code, title, sprint_id from tasks where id = any(${ids as number[]})`
  return new Map(rows.map((row) => [row.id, row]))
}

type Holder = { sprint_id: number } | { project_id: number }
const heldBy = (db: Db, of: Holder) =>
  'sprint_id' in of ? db`sprint_id = ${of.sprint_id}` : db`project_id = ${of.project_id}`

export async function unfinishedTasks(db: Db, of: Holder): Promise<number> {
  const [row] = await db<{ count: number }[]>`
    select count(*) from tasks
    where ${heldBy(db, of)} and board_status not in ('done', 'archived')`
  return row?.count ?? 0
}

/** Tasks on which work has begun and not ended, the oldest first. */
export async function tasksInWork(db: Db, of: Holder, limit: number) {
  return db<
    (Pick<Task, 'id' | 'code' | 'title' | 'sprint_id' | 'board_status'> & { started_at: string })[]
  >`
    select id, code, title, sprint_id, board_status, started_at from tasks
    where ${heldBy(db, of)} and board_status not in ('done', 'archived')
      and started_at is not null
    order by started_at, id limit ${limit}`
}

interface TaskFilter extends Page {
  project_id?: number | undefined
  sprint_id?: number | undefined
  spec_id?: number | undefined
  board_status?: string | undefined
  code?: string | undefined
  /** Ids with commas between. */
  ids?: string | undefined
  archived?: boolean | undefined
  q?: string | undefined
}

export async function listTasks(db: Db, filter: TaskFilter) {
  if (filter.q !== undefined) return searchTasks(db, { ...filter, q: filter.q })
  const rows = await db<Task[]>`
    select ${db(columns)} from tasks
    where id > ${after(filter)} ${narrowed(db, filter)}
      ${filter.archived === false ? db`and board_status <> 'archived'` : db``}
    order by id limit ${filter.limit + 1}`
  return pageOf(rows, filter, (row) => row.id)
}

/** Tasks that hold each word of `q`, by how it begins; the newest first. */
async function searchTasks(db: Db, filter: TaskFilter & { q: string }) {
  const words = filter.q.match(/[\p{L}\p{M}\p{N}]+/gu) ?? []
  if (words.length === 0) return pageOf<Task>([], filter, (row) => row.id)
  const wanted = words.map((word) => `${word}:*`).join(' & ')
  const rows = await db<Task[]>`
    select ${db(columns)} from tasks
    where search_words(title || ' ' || code || ' ' || coalesce(external_id, ''))
        @@ to_tsquery('simple', ${wanted})
      and board_status <> 'archived'
      ${filter.cursor === undefined ? db`` : db`and id < ${after(filter)}`}
      ${narrowed(db, filter)}
    -- + 0: found by its words first. Backwards by id, one of old cards looks at all newer ones.
    order by id + 0 desc limit ${filter.limit + 1}`
  return pageOf(rows, filter, (row) => row.id)
}

const narrowed = (db: Db, filter: TaskFilter) => db`
  ${filter.project_id ? db`and project_id = ${filter.project_id}` : db``}
  ${filter.sprint_id ? db`and sprint_id = ${filter.sprint_id}` : db``}
  ${filter.spec_id ? db`and spec_id = ${filter.spec_id}` : db``}
  ${filter.board_status ? db`and board_status = ${filter.board_status}` : db``}
  ${filter.code ? db`and code = ${filter.code}` : db``}
  ${filter.ids ? db`and id = any(${filter.ids.split(',').map(Number)})` : db``}`

/** What a change may touch; the rest of a task is fixed when it is made. */
const mutable = Object.fromEntries(
  Object.entries(insertable).filter(
    ([column]) =>
      !['project_id', 'code', 'started_at', 'completed_at', 'spec_id', 'occurrence'].includes(
        column,
      ),
  ),
)

/**
 * Writes locked rows back, any number in one statement. When work began and ended follows from
 * the status, here alone, so that no caller can forget it. Rows come back ordered by id.
 */
export async function saveTasks(tx: Tx, rows: readonly TaskRow[]): Promise<TaskRow[]> {
  if (rows.length === 0) return []
  const names = Object.keys(mutable)
  const shape = Object.entries(mutable).map(([column, type]) => `${column} ${type}`)
  const values = rows.map((row) => ({ ...row, imported: row.imported ?? undefined }))
  return tx<TaskRow[]>`
    with saved as (
      update tasks t set
        ${tx.unsafe(names.map((column) => `${column} = u.${column}`).join(', '))},
        started_at = case when u.board_status in ('backlog', 'todo') then null
          when u.board_status = 'archived' then t.started_at
          else coalesce(t.started_at, now()) end,
        completed_at = case when u.board_status = 'archived' then t.completed_at
          when u.board_status <> 'done' then null
          when t.board_status = 'done' then t.completed_at
          else coalesce(t.completed_at, greatest(now(), t.started_at)) end,
        -- Not the time of the transaction: one that waited for another's lock writes later.
        updated_at = clock_timestamp()
      from jsonb_to_recordset(${tx.json(values as never)})
        as u(id bigint, ${tx.unsafe(shape.join(', '))})
      -- Said twice: not knowing how many there are in the JSON, a plan would read a small table whole.
      where t.id = u.id and t.id = any(${rows.map((row) => row.id)})
      returning ${tx.unsafe(kept.map((column) => `t.${column}`).join(', '))}
    ) select * from saved order by id`
}
