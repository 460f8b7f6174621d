import { type Figure, figure, rounded } from './figure.ts'
import { median, percentile, timed } from './measure.ts'
import { aSprintOfThePast } from './past.ts'
import { withProduct } from './product.ts'
import type { World } from './world.ts'

const rounds = 40
const warmUp = 10

/**
 * A forecast of 10,000 runs over HTTP: 90 days of history with five, then fifty tasks finished on
 * each, and as many tasks left as would take another 45 days.
 */
export async function measureForecast(world: World): Promise<Figure[]> {
  const figures: Figure[] = []
  await withProduct(world, async (product) => {
    for (const tasks of [450, 4_500]) {
      const size = { days: 90, tasks, unfinished: tasks / 2 }
      const { projectId } = await aSprintOfThePast(world, size)
      const times: number[] = []
      for (let round = -warmUp; round < rounds; round++) {
        const ms = await timed(() => product.call('GET', `/projects/${projectId}/forecast`))
        if (round >= 0) times.push(ms)
      }
      figures.push(
        figure({
          name: `forecast_${tasks}`,
          value: median(times),
          bound: { value: 150 },
          detail: { rounds, p99: rounded(percentile(times, 99)) },
        }),
      )
    }
  })
  return figures
}
