import { type Figure, figure, rounded } from './figure.ts'
import { median, percentile, timed } from './measure.ts'
import { newPlace } from './place.ts'
import { type Product, withProduct } from './product.ts'
import type { World } from './world.ts'

const sprintSize = 1000
const rounds = 21
const agents = 100

/**
 * Agents at work over HTTP: an init in a sprint of 1,000 tasks, after a change and without one; and
 * a hundred agents that ask at once for a task of such a sprint, then for more until none is ready.
 */
export async function measureAgents(world: World): Promise<Figure[]> {
  return withProduct(world, async (product) => {
    const { code, ids } = await sprintOf(world)
    const cold: number[] = []
    const cached: number[] = []
    for (let round = 0; round < rounds; round++) {
      await product.call('PATCH', `/tasks/${ids[0]}`, { title: `Changed ${round}` })
      cold.push(await timed(() => init(product, code)))
      cached.push(await timed(() => init(product, code)))
    }
    const pool = await sprintOf(world)
    const keys = await Promise.all(
      Array.from({ length: agents }, (_, n) => init(product, pool.code, `agent-${n}`)),
    )
    const taken: number[] = []
    const take = (key: string) => takeNext(product, pool.sprintId, key, taken)
    const once = await timed(() => Promise.all(keys.map(take)))
    const takenAtOnce = taken.length
    const all = await timed(() =>
      Promise.all(
        keys.map(async (key) => {
          while (await take(key));
        }),
      ),
    )
    const twice = taken.length - new Set(taken).size
    return [
      figure({
        name: 'init_cold',
        value: median(cold),
        bound: { value: 100 },
        detail: { tasks: sprintSize, rounds, slowest: rounded(percentile(cold, 100)) },
      }),
      figure({
        name: 'init_cached',
        value: median(cached),
        bound: { value: 10 },
        detail: { rounds, slowest: rounded(percentile(cached, 100)) },
      }),
      figure({
        name: 'claims',
        value: once,
        bound: { value: 5000 },
        detail: { agents, tasks: sprintSize, taken: takenAtOnce },
      }),
      figure({
        name: 'claims_until_none_is_ready',
        value: all,
        detail: { agents, taken: taken.length - takenAtOnce },
      }),
      figure({ name: 'claimed_twice', value: twice, unit: 'rows', bound: { value: 0 } }),
    ]
  })
}

async function init(product: Product, code: string, agent = 'bench'): Promise<string> {
  const { session_key } = await product.call<{ session_key: string }>('POST', '/agent/init', {
    command: `S:${code}`,
    agent,
  })
  return session_key
}

/** Claims the next task; false where none is ready. */
async function takeNext(product: Product, sprintId: number, key: string, taken: number[]) {
  const { task } = await product.call<{ task: { id: number } | null }>(
    'POST',
    '/tasks/actions/next',
    { sprint_id: sprintId, claim: true },
    { 'X-Session-Key': key },
  )
  if (task) taken.push(task.id)
  return task !== null
}

/** A sprint of 1,000 tasks, of which each tenth waits for the one before it. */
async function sprintOf({ sql }: World) {
  const { projectId, sprintId } = await newPlace(sql)
  const rows = await sql<{ id: number }[]>`
    insert into tasks (project_id, sprint_id, code, title, board_status, story_points, position)
    select ${projectId}, ${sprintId}, 'AGENTS-' || ${projectId}::int || '-' || n, 'Task ' || n,
      'todo', 3, n
    from generate_series(1, ${sprintSize}) n returning id`
  const ids = rows.map(({ id }) => id)
  await sql`
    insert into task_dependencies (task_id, depends_on_id, project_id, kind, source)
    select id, id - 1, ${projectId}, 'hard', 'hand' from tasks
    where sprint_id = ${sprintId} and position % 10 = 0`
  await sql`analyze tasks, task_dependencies`
  const [sprint] = await sql<{ code: string }[]>`select code from sprints where id = ${sprintId}`
  return { code: sprint?.code ?? '', sprintId, ids }
}
