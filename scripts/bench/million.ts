import { newPlace, type Place } from './place.ts'
import type { Sql, Tx, World } from './world.ts'

export interface Million {
  /** The project that holds all of it. */
  place: Place
  /** Sprints of 100 and of 10,000 tasks, scattered among the others. */
  small: number
  large: number
  /** A spec of 1,000 tasks. */
  specId: number
}

const tasks = 1_000_000
const made = new WeakMap<World, Promise<Million>>()

/**
 * A million tasks with an event each, in one project, made once per run. Rows are written past the
 * checks and indexed afterwards, which is quick; then the tables are as after any vacuum.
 */
export function aMillionTasks(world: World): Promise<Million> {
  const found = made.get(world) ?? make(world)
  made.set(world, found)
  return found
}

async function make({ sql, say }: World): Promise<Million> {
  const began = performance.now()
  const place = await newPlace(sql)
  const million = await sql.begin(async (tx) => {
    const { projectId } = place
    // Past foreign keys and triggers: these rows are right by construction.
    await tx`set local session_replication_role = replica`
    await tx`set local maintenance_work_mem = '512MB'`
    const indexes = await dropIndexes(tx)
    const sprints = await tx<{ id: number }[]>`
      insert into sprints (project_id, code, name)
      select ${projectId}, ${`BENCH-${projectId}-`} || n, 'Bench' from generate_series(1, 2000) n
      returning id`
    const specs = await tx<{ id: number }[]>`
      insert into specs (project_id, path, name)
      select ${projectId}, 'specs/many-' || n, 'Bench' from generate_series(1, 1000) n
      returning id`
    const [small, large] = [sprints[0]?.id ?? 0, sprints[1]?.id ?? 0]
    // Each sprint's tasks lie far apart: one in 10,000 of the small one's, one in 100 of the large.
    await tx`
      insert into tasks (project_id, sprint_id, spec_id, external_id, occurrence, imported, code,
        title, description, board_status, story_points, labels, position, completed_at)
      select ${projectId},
        case when n % 10000 = 1 then ${small}::bigint when n % 100 = 2 then ${large}::bigint
          else (${sprints.map((sprint) => sprint.id)}::bigint[])[3 + n % 1998] end,
        (${specs.map((spec) => spec.id)}::bigint[])[1 + n % 1000], 'T' || n, 1, '{}',
        ${`BENCH-${projectId}-`} || n, 'Write part ' || n, repeat('What it takes. ', 5),
        (array['todo', 'in_progress', 'review', 'done', 'done', 'archived'])[1 + n / 7 % 6],
        n % 8, array['US1'], n, case when n / 7 % 6 in (3, 4) then now() end
      from generate_series(1, ${tasks}) n`
    await tx`
      insert into events (type, entity_type, entity_id, project_id, sprint_id, correlation_id,
        actor, payload)
      select 'task.created', 'task', id, project_id, sprint_id, 'bench-' || id % 1000, 'bench',
        '{"code": "BENCH", "title": "Write a part", "board_status": "todo"}'
      from tasks where project_id = ${projectId}`
    for (const { definition } of indexes) await tx.unsafe(definition)
    return { place, small, large, specId: specs[0]?.id ?? 0 }
  })
  await vacuum(sql)
  say(`a million tasks: ${((performance.now() - began) / 1000).toFixed(1)} s`)
  return million
}

/** Drops the indexes that no constraint stands on, and answers how to make them again. */
async function dropIndexes(tx: Tx): Promise<{ definition: string }[]> {
  const indexes = await tx<{ name: string; definition: string }[]>`
    select indexrelid::regclass::text as name, pg_get_indexdef(indexrelid) as definition
    from pg_index
    where indrelid in ('tasks'::regclass, 'events'::regclass)
      and not exists (select from pg_constraint where conindid = indexrelid)`
  for (const { name } of indexes) await tx.unsafe(`drop index ${name}`)
  return indexes
}

/** What autovacuum does sooner or later. */
async function vacuum(sql: Sql): Promise<void> {
  await sql`vacuum (analyze, parallel 2) tasks, events, sprints, specs`
}
