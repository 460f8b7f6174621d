import { setTimeout as sleep } from 'node:timers/promises'
import { call } from '../../connect/client.ts'
import type { Site } from './visit.ts'

const columns = ['in_progress', 'review', 'testing', 'todo']

/**
 * Agents at work, each with a token of its own: together they move so many cards a second, one
 * request a card. `stop` answers how many a second it really was.
 */
export async function agentsAtWork(
  site: Site,
  taskIds: readonly number[],
  { agents, perSecond }: { agents: number; perSecond: number },
) {
  const tokens = await Promise.all(
    Array.from({ length: agents }, (_, agent) =>
      site.call<{ secret: string }>('POST', '/tokens', {
        name: `bench agent ${agent} of ${taskIds[0]}`,
        role: 'agent',
      }),
    ),
  )
  let stopped = false
  let moved = 0
  const began = performance.now()
  const working = tokens.map(async ({ secret: token }, agent) => {
    const mine = taskIds.filter((_, index) => index % agents === agent)
    for (let turn = 0; !stopped; turn++) {
      // On time whatever the last one took, so that the rate is what was asked for.
      const due = began + ((turn * agents + agent) * 1000) / perSecond
      await sleep(Math.max(0, due - performance.now()))
      if (stopped) return
      await call(
        { url: site.url, token },
        {
          method: 'PATCH',
          path: `/tasks/${mine[turn % mine.length]}`,
          body: { board_status: columns[Math.floor(turn / mine.length) % columns.length] },
        },
      )
      moved += 1
    }
  })
  return {
    stop: async () => {
      stopped = true
      await Promise.all(working)
      return (moved * 1000) / (performance.now() - began)
    },
  }
}
