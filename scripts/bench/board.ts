import { type Figure, figure, rounded } from './figure.ts'
import { inTurns, median, percentile, timed } from './measure.ts'
import { newPlace } from './place.ts'
import { type Product, withProduct } from './product.ts'
import { tasksFile } from './tasks-file.ts'
import type { World } from './world.ts'

/** What the board asks for: all cards of a sprint, and a card moved by hand. */
export async function measureBoard(world: World): Promise<Figure[]> {
  return withProduct(world, async (product) => {
    const { sprintId, specPath } = await newPlace(world.sql)
    await product.call('POST', `/sprints/${sprintId}/actions/import-tasks`, {
      spec_path: specPath,
      content: tasksFile(1000),
    })
    return [await list(world, product, sprintId), await move(world, product, sprintId)]
  })
}

const turns = { rounds: 40, warmUp: 10 }

async function list({ sql }: World, product: Product, sprintId: number): Promise<Figure> {
  const times = await inTurns(
    turns,
    () => timed(() => product.call('GET', `/sprints/${sprintId}/tasks?limit=1000`)),
    () => timed(() => sql`select * from tasks where sprint_id = ${sprintId} order by id`),
  )
  return asFigure('board_list_1000', times)
}

async function move({ sql }: World, product: Product, sprintId: number): Promise<Figure> {
  const tasks = await sql<{ id: number }[]>`
    select id from tasks where sprint_id = ${sprintId} and board_status = 'todo' order by id`
  const mine = tasks.values()
  const next = () => mine.next().value?.id ?? 0
  const times = await inTurns(
    turns,
    () => timed(() => product.call('PATCH', `/tasks/${next()}`, { board_status: 'in_progress' })),
    () => timed(() => sql`update tasks set board_status = 'review' where id = ${next()}`),
  )
  return asFigure('board_move', times)
}

function asFigure(name: string, { ours, bare }: { ours: number[]; bare: number[] }): Figure {
  return figure({
    name,
    value: median(ours),
    baseline: median(bare),
    detail: { rounds: turns.rounds, p95: rounded(percentile(ours, 95)) },
  })
}
