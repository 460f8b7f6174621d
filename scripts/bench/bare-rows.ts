import type { Place } from './place.ts'
import type { Sql } from './world.ts'

type Row = Record<string, unknown> & { id: number }

/** What an import wrote, as rows of JSON. */
export interface BareRows {
  tasks: Row[]
  dependencies: Record<string, number>[]
  events: (Row & { entity_type: string; entity_id: number })[]
}

/** Reads back everything that the import of a place wrote into the three tables. */
export async function readRows(sql: Sql, { projectId }: Place): Promise<BareRows> {
  const [row] = await sql<[BareRows]>`
    select
      (select json_agg(t order by id) from tasks t where project_id = ${projectId}) as tasks,
      (select json_agg(d) from task_dependencies d where project_id = ${projectId})
        as dependencies,
      (select json_agg(e order by id) from events e where xid = (select xid from events
        where project_id = ${projectId} and type = 'spec.tasks_imported')) as events`
  return row
}

/** The same rows once more, in another place: what must be unique is made so. */
export async function bareRowsOf(sql: Sql, rows: BareRows, place: Place): Promise<BareRows> {
  const [numbers] = await sql<[{ spec: number; tasks: number[]; events: number[] }]>`
    with spec as (insert into specs (project_id, path, name)
      values (${place.projectId}, ${place.specPath}, 'bench') returning id)
    select (select id from spec) as spec,
      array(select nextval('tasks_id_seq') from generate_series(1, ${rows.tasks.length})) as tasks,
      array(select nextval('events_id_seq') from generate_series(1, ${rows.events.length})) as events`
  const idOf = new Map(rows.tasks.map((task, index) => [task.id, numbers.tasks[index] ?? 0]))
  const renamed = (id: number) => idOf.get(id) ?? 0
  const here = { project_id: place.projectId, sprint_id: place.sprintId }
  return {
    tasks: rows.tasks.map((task, index) => ({
      ...task,
      ...here,
      spec_id: numbers.spec,
      id: renamed(task.id),
      code: `B${place.projectId}-${index + 1}`,
    })),
    dependencies: rows.dependencies.map((edge) => ({
      ...edge,
      project_id: place.projectId,
      task_id: renamed(edge.task_id ?? 0),
      depends_on_id: renamed(edge.depends_on_id ?? 0),
    })),
    events: rows.events.map((event, index) => ({
      ...event,
      ...here,
      id: numbers.events[index] ?? 0,
      entity_id: event.entity_type === 'task' ? renamed(event.entity_id) : numbers.spec,
    })),
  }
}

/** One statement per table, in one transaction: the least that writes these rows. */
export async function insertBare(sql: Sql, rows: BareRows): Promise<void> {
  await sql.begin(async (tx) => {
    await tx`
      insert into tasks overriding system value
      select * from jsonb_populate_recordset(null::tasks, ${tx.json(rows.tasks as never)})`
    await tx`
      insert into task_dependencies
      select * from jsonb_populate_recordset(null::task_dependencies,
        ${tx.json(rows.dependencies as never)})`
    await tx`
      insert into events (id, type, entity_type, entity_id, project_id, sprint_id,
        protocol_run_id, correlation_id, causation_id, session_key, agent, actor, payload,
        emitted_at)
      overriding system value
      select id, type, entity_type, entity_id, project_id, sprint_id, protocol_run_id,
        correlation_id, causation_id, session_key, agent, actor, payload, emitted_at
      from jsonb_populate_recordset(null::events, ${tx.json(rows.events as never)})`
  })
}
