import type { DumpTable } from '../core/rollout/dump-rows.ts'
import type { Facts } from '../core/rollout/facts.ts'
import type { Db, Tx } from './database.ts'

/** Boards and runs of a project, as far as they are not linked to each other down to the step. */
export async function factsOfProject(db: Db, projectId: number): Promise<Facts> {
  const sprints = await db<Facts['sprints'][number][]>`
    select id, name, start_date as start, end_date as "end" from sprints
    where project_id = ${projectId} order by id`
  const runs = await db<Facts['runs'][number][]>`
    select id, protocol_name as name, created_at as "createdAt",
      linked_sprint_id as "sprintLink", sprint_id as "sprintClaim"
    from protocol_runs where project_id = ${projectId} and kind = 'protocol' order by id`
  const steps = await db<Facts['steps'][number][]>`
    select s.id, s.protocol_run_id as "runId", s.step_index as index, s.step_name as name, s.status,
      s.linked_task_id as "taskLink", s.task_id as "taskClaim"
    from step_runs s join protocol_runs r on r.id = s.protocol_run_id
    where r.project_id = ${projectId} and r.kind = 'protocol'
      and s.linked_task_id is null and s.deleted_at is null
    order by s.id`
  const tasks = await db<Facts['tasks'][number][]>`
    select id, title, board_status as status, position, sprint_id as "sprintId",
      protocol_run_id as "runId", step_run_id as "stepLink", null::bigint as "stepClaim"
    from tasks
    where project_id = ${projectId} and step_run_id is null and board_status <> 'archived'
    order by id`
  return { sprints, runs, steps, tasks }
}

/** Links runs to sprints, any number in one statement. */
export async function linkRunsToSprints(
  tx: Tx,
  links: readonly { run: number; sprint: number }[],
): Promise<void> {
  if (links.length === 0) return
  await tx`
    update protocol_runs r set linked_sprint_id = l.sprint, updated_at = now()
    from jsonb_to_recordset(${tx.json(links as never)}) as l(run bigint, sprint bigint)
    where r.id = l.run`
}

export interface ImportedRow {
  table: DumpTable
  source: number
  entity: number
  original: object
}

/** Ids here, by table and id in the dump. */
export type KnownIds = Record<DumpTable, Map<number, number>>

/** What earlier imports made of the rows of a dump, and which of its sprints have ended here. */
export async function importedRows(
  db: Db,
  projectId: number,
): Promise<{ known: KnownIds; closedSprints: Set<number> }> {
  const rows = await db<
    { table_name: DumpTable; source_id: number; entity_id: number; closed: boolean | null }[]
  >`
    select i.table_name, i.source_id, i.entity_id, s.status not in ('planning', 'active') as closed
    from imported_rows i left join sprints s on i.table_name = 'sprints' and s.id = i.entity_id
    where i.project_id = ${projectId}`
  const known: KnownIds = {
    sprints: new Map(),
    tasks: new Map(),
    protocol_runs: new Map(),
    step_runs: new Map(),
  }
  for (const row of rows) known[row.table_name].set(row.source_id, row.entity_id)
  const closed = rows.filter((row) => row.closed).map((row) => row.source_id)
  return { known, closedSprints: new Set(closed) }
}

export async function keepImportedRows(
  tx: Tx,
  projectId: number,
  rows: readonly ImportedRow[],
): Promise<void> {
  await tx`
    insert into imported_rows (project_id, table_name, source_id, entity_id, original)
    select ${projectId}, "table", source, entity, original
    from jsonb_to_recordset(${tx.json(rows as never)})
      as r("table" text, source bigint, entity bigint, original jsonb)`
}

/** Columns that an import of history sets, times included, with the type Postgres reads them as. */
const columns = {
  sprints: {
    code: 'text',
    name: 'text',
    goal: 'text',
    status: 'text',
    start_date: 'timestamptz',
    end_date: 'timestamptz',
    committed_points: 'integer',
    velocity_planned: 'integer',
    velocity_actual: 'integer',
    started_at: 'timestamptz',
    completed_at: 'timestamptz',
  },
  protocol_runs: {
    protocol_name: 'text',
    status: 'text',
    linked_sprint_id: 'bigint',
    started_at: 'timestamptz',
    finished_at: 'timestamptz',
  },
  step_runs: {
    protocol_run_id: 'bigint',
    step_index: 'integer',
    step_name: 'text',
    step_type: 'text',
    status: 'text',
    parallel_group: 'text',
    agent: 'text',
    started_at: 'timestamptz',
    completed_at: 'timestamptz',
  },
  tasks: {
    sprint_id: 'bigint',
    protocol_run_id: 'bigint',
    step_run_id: 'bigint',
    step_version: 'bigint',
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
    assignee: 'text',
    position: 'integer',
    due_date: 'timestamptz',
    started_at: 'timestamptz',
    completed_at: 'timestamptz',
  },
} as const

export type HistoryRow<T extends DumpTable> = Record<keyof (typeof columns)[T], unknown> & {
  created_at: string | null
}

/** Writes rows with the times they had, any number in one statement. Answers their ids, in order. */
export async function insertHistory<T extends DumpTable>(
  tx: Tx,
  table: T,
  projectId: number,
  rows: readonly HistoryRow<T>[],
): Promise<number[]> {
  if (rows.length === 0) return []
  const names = Object.keys(columns[table]).join(', ')
  const shape = Object.entries(columns[table]).map(([name, type]) => `${name} ${type}`)
  const placed = rows.map((row, place) => ({ ...row, place }))
  const made = await tx<{ id: number }[]>`
    insert into ${tx.unsafe(table)} (project_id, ${tx.unsafe(names)}, created_at)
    select ${projectId}, ${tx.unsafe(names)}, coalesce(created_at, now())
    from jsonb_to_recordset(${tx.json(placed as never)})
      as r(place integer, created_at timestamptz, ${tx.unsafe(shape.join(', '))})
    order by place returning id`
  return made.map((row) => row.id)
}
