import { type Figure, figure, rounded } from './figure.ts'
import { openLoad } from './load.ts'
import { inTurns, median } from './measure.ts'
import { aMillionTasks } from './million.ts'
import { type Program, startProgram } from './servers/program.ts'
import type { World } from './world.ts'

const turns = { rounds: 7, warmUp: 2 }
const turn = 1000
const connections = 32
const token = 'the-admin-token-of-the-bench'

/**
 * Reading one task of a million: requests a second through the API, with all that a request passes
 * through, against a route that does the same select and nothing else, each in a process of its
 * own. What each layer takes is sampled in the API's process afterwards.
 */
export async function measureReadTask(world: World): Promise<Figure[]> {
  const { place } = await aMillionTasks(world)
  const [task] = await world.sql<[{ id: number }]>`
    select id from tasks where code = ${`BENCH-${place.projectId}-5001`}`
  const path = `/tasks/${task.id}`
  const bare = await startProgram('bare-task', [world.databaseUrl])
  const ours = await startProgram('api', [world.databaseUrl, token])
  const loads = await Promise.all([
    openLoad(ours.url, path, { Authorization: `Bearer ${token}` }, connections),
    openLoad(bare.url, path, {}, connections),
  ])
  const [load, bareLoad] = loads
  try {
    const cost = { ours: [] as number[], bare: [] as number[] }
    const counted = (program: Program, asked: typeof load, costs: number[]) => async () => {
      const before = await program.cpu()
      const perSecond = await asked.run(turn)
      costs.push(((await program.cpu()) - before) / (perSecond * (turn / 1000)))
      return perSecond
    }
    const rates = await inTurns(
      turns,
      counted(ours, load, cost.ours),
      counted(bare, bareLoad, cost.bare),
    )
    let sampled = 0
    const layers = await ours.profile(async () => {
      sampled = await load.run(2 * turn)
    })
    const requests = sampled * 2
    return [
      figure({
        name: 'read_task',
        value: median(rates.ours),
        unit: 'per_second',
        baseline: median(rates.bare),
        bound: { least_ratio: 0.65 },
        detail: {
          connections,
          rounds: turns.rounds,
          cpu_us: rounded(1000 * median(cost.ours)),
          baseline_cpu_us: rounded(1000 * median(cost.bare)),
          layers_us: Object.fromEntries(
            Object.entries(layers)
              .filter(([layer]) => layer !== 'idle')
              .sort(([, one], [, other]) => other - one)
              .map(([layer, ms]) => [layer, Number(((1000 * ms) / requests).toFixed(1))]),
          ),
        },
      }),
    ]
  } finally {
    for (const each of loads) each.close()
    await ours.end()
    await bare.end()
  }
}
