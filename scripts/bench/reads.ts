import { type Figure, figure } from './figure.ts'
import { median, timed } from './measure.ts'
import { aMillionTasks, type Million } from './million.ts'
import { type Product, withProduct } from './product.ts'
import type { Sql, World } from './world.ts'

const rounds = 7

/**
 * The lists and questions of the API among a million tasks and events, over HTTP: the slowest of
 * those that an index answers, and of those that filter what the index leaves.
 */
export async function measureReads(world: World): Promise<Figure[]> {
  const million = await aMillionTasks(world)
  const { indexed, filtered } = await questions(world.sql, million)
  return withProduct(world, async (product) => [
    figure({
      name: 'slowest_read',
      bound: { value: 100 },
      ...(await slowest(product, indexed)),
    }),
    figure({ name: 'slowest_filter', ...(await slowest(product, filtered)) }),
  ])
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

async function slowest(product: Product, paths: readonly string[]) {
  const answers: Record<string, number> = {}
  for (const path of paths) {
    const times: number[] = []
    for (let round = 0; round < rounds; round++) {
      times.push(await timed(() => product.call('GET', path)))
    }
    answers[path] = Math.round(median(times))
  }
  return { value: Math.max(...Object.values(answers)), detail: { rounds, answers } }
}
