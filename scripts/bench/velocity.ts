import { getSprintVelocity } from '../../api/commands/sprints.ts'
import { withApi } from './api.ts'
import { type Figure, figure, rounded } from './figure.ts'
import { inTurns, median, percentile, timed } from './measure.ts'
import { aMillionTasks } from './million.ts'
import { withProduct } from './product.ts'
import type { World } from './world.ts'

const turns = { rounds: 100, warmUp: 20 }

/** The velocity of a sprint among a million tasks, against the bare sum over its tasks. */
export async function measureVelocity(world: World): Promise<Figure[]> {
  const { small, large } = await aMillionTasks(world)
  const sprints = [
    { tasks: 100, id: small },
    { tasks: 10_000, id: large },
  ]
  const figures: Figure[] = []
  await withApi(world, async (api) => {
    for (const { tasks, id } of sprints) {
      const times = await inTurns(
        turns,
        () => timed(() => api.run(getSprintVelocity, { sprint_id: id })),
        () => timed(() => bareSum(world, id)),
      )
      figures.push(
        figure({
          name: `velocity_verb_${tasks}`,
          value: median(times.ours),
          baseline: median(times.bare),
          bound: { ratio: 3 },
          detail: { rounds: turns.rounds, p99: rounded(percentile(times.ours, 99)) },
        }),
      )
    }
  })
  await withProduct(world, async (product) => {
    for (const { tasks, id } of sprints) {
      const times = await inTurns(
        turns,
        () => timed(() => product.call('GET', `/sprints/${id}/velocity`)),
        () => timed(() => bareSum(world, id)),
      )
      figures.push(
        figure({
          name: `velocity_http_${tasks}`,
          value: median(times.ours),
          baseline: median(times.bare),
          bound: { value: 500 },
          detail: { rounds: turns.rounds, p99: rounded(percentile(times.ours, 99)) },
        }),
      )
    }
  })
  return figures
}

const bareSum = ({ sql }: World, sprintId: number) => sql`
  select sum(story_points), sum(story_points) filter (where board_status = 'done')
  from tasks where sprint_id = ${sprintId} and board_status <> 'archived' and not skipped`
