import { type Figure, figure, rounded } from './figure.ts'
import { inTurns, median, percentile, timed } from './measure.ts'
import { aSprintOfThePast, eventsPerTask } from './past.ts'
import { withProduct } from './product.ts'
import type { World } from './world.ts'

const turns = { rounds: 20, warmUp: 5 }

/** The burndown of a sprint of 90 days over HTTP, against the bare query that reads its events. */
export async function measureBurndown(world: World): Promise<Figure[]> {
  const figures: Figure[] = []
  await withProduct(world, async (product) => {
    for (const events of [5_000, 50_000]) {
      const tasks = events / eventsPerTask
      const { sprintId } = await aSprintOfThePast(world, { days: 90, tasks, unfinished: 0 })
      let points = 0
      const times = await inTurns(
        turns,
        () =>
          timed(async () => {
            const chart = await product.call<{ points: unknown[] }>(
              'GET',
              `/sprints/${sprintId}/burndown`,
            )
            points = chart.points.length
          }),
        () => timed(() => bareEvents(world, sprintId)),
      )
      figures.push(
        figure({
          name: `burndown_${events}`,
          value: median(times.ours),
          baseline: median(times.bare),
          bound: { ratio: 5 },
          detail: { rounds: turns.rounds, points, p99: rounded(percentile(times.ours, 99)) },
        }),
      )
    }
  })
  return figures
}

const bareEvents = ({ sql }: World, sprintId: number) => sql`
  select id, type, entity_id, emitted_at, payload from events
  where sprint_id = ${sprintId} order by id`
