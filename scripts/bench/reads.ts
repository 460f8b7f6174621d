import { setTimeout as sleep } from 'node:timers/promises'
import { type Figure, figure } from './figure.ts'
import { aMillionTasks, type Million } from './million.ts'
import { type Product, withProduct } from './product.ts'
import type { Sql, World } from './world.ts'

/**
 * The lists and questions of the API among a million tasks and events: how many rows are read for
 * an answer of at most 1,000. A filter that no index knows reads through what the others leave.
 */
export async function measureReads(world: World): Promise<Figure[]> {
  const million = await aMillionTasks(world)
  const { indexed, filtered } = await questions(world.sql, million)
  return withProduct(world, async (product) => {
    const read = await rowsPerAnswer(world.sql, product, indexed)
    const through = await rowsPerAnswer(world.sql, product, filtered)
    return [
      figure({
        name: 'rows_read_by_index',
        value: most(read.rows),
        unit: 'rows',
        bound: { value: 2000 },
        detail: { questions: indexed.length, slowest: read.slowest, rows: read.rows },
      }),
      figure({
        name: 'rows_read_by_filter',
        value: most(through.rows),
        unit: 'rows',
        detail: { questions: filtered.length, slowest: through.slowest, rows: through.rows },
      }),
    ]
  })
}

async function questions(sql: Sql, { place, large, specId }: Million) {
  const project = place.projectId
  const [task] = await sql<[{ id: number; code: string }]>`
    select id, code from tasks where code = ${`BENCH-${project}-5001`}`
  return {
    indexed: [
      `/tasks?project_id=${project}`,
      `/tasks?sprint_id=${large}&limit=1000`,
      `/tasks?spec_id=${specId}`,
      `/tasks?code=${task.code}`,
      `/tasks/${task.id}`,
      `/tasks/${task.id}/dependencies`,
      `/sprints?project_id=${project}`,
      `/sprints/${large}/tasks?limit=1000`,
      `/sprints/${large}/velocity`,
      '/events?limit=1000',
      `/events?project_id=${project}`,
      `/events?sprint_id=${large}`,
      `/events?entity_type=task&entity_id=${task.id}`,
      '/events?correlation_id=bench-7',
      '/metrics',
    ],
    filtered: [
      `/tasks?project_id=${project}&board_status=blocked`,
      `/events?type=task.status_changed&sprint_id=${large}`,
      `/events?type=task.status_changed&project_id=${project}`,
    ],
  }
}

async function rowsPerAnswer(sql: Sql, product: Product, paths: readonly string[]) {
  const rows: Record<string, number> = {}
  let slowest = { path: '', ms: 0 }
  let before = await rowsRead(sql)
  for (const path of paths) {
    const began = performance.now()
    await product.call('GET', path)
    const ms = Math.round(performance.now() - began)
    if (ms >= slowest.ms) slowest = { path, ms }
    const after = await rowsRead(sql)
    rows[path] = after - before
    before = after
  }
  return { rows, slowest }
}

const most = (rows: Record<string, number>) => Math.max(...Object.values(rows))

/** The server counts them; a session that falls idle adds its own after a second. */
async function rowsRead(sql: Sql): Promise<number> {
  await sleep(1200)
  const [row] = await sql<[{ rows: number }]>`
    select sum(seq_tup_read + idx_tup_fetch)::bigint as rows from pg_stat_user_tables
    where relname in ('tasks', 'events', 'task_dependencies', 'event_deliveries')`
  return row.rows
}
