import { type Figure, figure } from './figure.ts'
import { aMillionTasks } from './million.ts'
import { type Product, withProduct } from './product.ts'
import type { Sql, World } from './world.ts'

/**
 * Every list and question that the API answers, asked among a million tasks and events: how many
 * rows of the large tables were read without an index.
 */
export async function measureScans(world: World): Promise<Figure[]> {
  const { place, large, specId } = await aMillionTasks(world)
  const project = place.projectId
  return withProduct(world, async (product) => {
    const [task] = await world.sql<[{ id: number; code: string }]>`
      select id, code from tasks where project_id = ${project} order by id offset 5000 limit 1`
    const paths = [
      `/tasks?project_id=${project}`,
      `/tasks?project_id=${project}&board_status=blocked`,
      `/tasks?sprint_id=${large}&limit=1000`,
      `/tasks?spec_id=${specId}`,
      `/tasks?code=${task.code}`,
      `/tasks/${task.id}`,
      `/tasks/${task.id}/dependencies`,
      `/sprints?project_id=${project}`,
      `/sprints/${large}/tasks`,
      `/sprints/${large}/velocity`,
      '/events',
      `/events?project_id=${project}`,
      `/events?sprint_id=${large}`,
      `/events?entity_type=task&entity_id=${task.id}`,
      '/events?correlation_id=bench-7',
      `/events?type=task.status_changed&sprint_id=${large}`,
      '/events?type=no.such_event',
      '/metrics',
    ]
    const scanned: Record<string, number> = {}
    let slowest = { path: '', ms: 0 }
    for (const path of paths) {
      const before = await rowsScanned(world.sql)
      const began = performance.now()
      await ask(product, path)
      const ms = performance.now() - began
      if (ms > slowest.ms) slowest = { path, ms: Math.round(ms) }
      const rows = (await rowsScanned(world.sql)) - before
      if (rows > 0) scanned[path] = rows
    }
    return [
      figure({
        name: 'full_scans',
        value: Object.values(scanned).reduce((sum, rows) => sum + rows, 0),
        unit: 'rows',
        bound: { value: 0 },
        detail: { asked: paths.length, scanned, slowest },
      }),
    ]
  })
}

const ask = (product: Product, path: string) => product.call('GET', path)

/** Counted by the server since it started; flushed by each session within a second of its work. */
async function rowsScanned(sql: Sql): Promise<number> {
  await new Promise((resolve) => setTimeout(resolve, 1100))
  const [row] = await sql<[{ rows: number }]>`
    select sum(seq_tup_read)::bigint as rows from pg_stat_user_tables
    where relname in ('tasks', 'events', 'task_dependencies', 'event_deliveries')`
  return row.rows
}
