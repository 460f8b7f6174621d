import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { WebSocket, WebSocketServer } from 'ws'
import { type Bound, type Figure, figure, rounded } from './figure.ts'
import { percentile } from './measure.ts'
import { newPlace } from './place.ts'
import { type Product, withProduct } from './product.ts'
import { linkedRuns, settled } from './runs.ts'
import type { World } from './world.ts'

const perSecond = 50
const seconds = 12
const warmUpSeconds = 2
const steps = perSecond * (seconds + warmUpSeconds)

/** Sends something numbered, and tells when that number was seen. */
interface Path {
  send(number: number): Promise<unknown>
  /** When each number arrived, by `performance.now()`. */
  arrived: Map<number, number>
}

/**
 * From the moment a step is to be completed over HTTP until its card's event arrives on a WebSocket
 * of its sprint, 50 a second, against Postgres telling a listener that tells a socket. Both run at
 * once, half a beat apart.
 */
export async function measureStepToSocket(world: World): Promise<Figure[]> {
  return withProduct(world, async (product) => [
    // Agents at work side by side on plans of a usual length, and all of them on a single long one.
    await measure(world, product, { name: 'step_to_socket_p99', runs: 14, bound: { value: 100 } }),
    await measure(world, product, { name: 'step_to_socket_p99_one_run', runs: 1 }),
  ])
}

interface Scene {
  name: string
  runs: number
  bound?: Bound
}

async function measure(world: World, product: Product, { runs, ...named }: Scene): Promise<Figure> {
  const ours = await productPath(world, product, runs)
  try {
    return await withBarePath(world, async (bare) => {
      const beat = 1000 / perSecond
      const [oursLate, bareLate] = await Promise.all([
        paced(ours, 0, beat),
        paced(bare, beat / 2, beat),
      ])
      return figure({
        ...named,
        value: percentile(oursLate, 99),
        baseline: percentile(bareLate, 99),
        detail: {
          events: oursLate.length,
          per_second: perSecond,
          runs,
          p50: rounded(percentile(oursLate, 50)),
          slowest: rounded(percentile(oursLate, 100)),
          baseline_p50: rounded(percentile(bareLate, 50)),
        },
      })
    })
  } finally {
    ours.close()
  }
}

/** Sends on the beat, whatever became of those before, and answers how late each one arrived. */
async function paced(path: Path, offset: number, beat: number): Promise<number[]> {
  const begin = performance.now() + 200 + offset
  const due = (number: number) => begin + number * beat
  const sent: Promise<unknown>[] = []
  for (let number = 0; number < steps; number++) {
    await sleep(Math.max(0, due(number) - performance.now()))
    sent.push(path.send(number))
  }
  await Promise.all(sent)
  const patience = performance.now() + 10_000
  while (path.arrived.size < steps) {
    if (performance.now() > patience) {
      throw new Error(`${steps - path.arrived.size} of ${steps} events never arrived`)
    }
    await sleep(20)
  }
  const counted = perSecond * warmUpSeconds
  return [...path.arrived]
    .filter(([number]) => number >= counted)
    .map(([number, at]) => at - due(number))
}

/** Runs whose steps are all at work, their sprints, and a socket in the rooms of those. */
async function productPath(
  world: World,
  product: Product,
  runs: number,
): Promise<Path & { close(): void }> {
  const { projectId } = await newPlace(world.sql)
  const stepIds: number[][] = []
  const rooms: string[] = []
  const stepOfCard = new Map<number, number>()
  for (const run of await linkedRuns(product, projectId, { runs, steps: steps / runs })) {
    for (const id of run.stepIds) await product.call('POST', `/steps/${id}/actions/start`, {})
    const { items } = await product.call<{ items: { id: number; step_run_id: number }[] }>(
      'GET',
      `/sprints/${run.sprintId}/tasks?limit=1000`,
    )
    for (const card of items) stepOfCard.set(card.id, card.step_run_id)
    stepIds.push(run.stepIds)
    rooms.push(`sprint:${run.sprintId}`)
  }
  await settled(world)

  // One run after the other completes a step.
  const order = Array.from({ length: steps }, (_, n) => stepIds[n % runs]?.[Math.floor(n / runs)])
  const numberOfStep = new Map(order.map((id, number) => [id, number]))
  const arrived = new Map<number, number>()
  const socket = new WebSocket(`${product.url.replace('http', 'ws')}/ws`, {
    headers: { Authorization: `Bearer ${product.token}` },
  })
  await once(socket, 'open')
  socket.send(JSON.stringify({ type: 'subscribe', rooms }))
  await once(socket, 'message')
  socket.on('message', (data) => {
    const { event } = JSON.parse(String(data)) as {
      event: { type: string; entity_id: number; payload: { to?: string } }
    }
    if (event.type !== 'task.status_changed' || event.payload.to !== 'done') return
    const number = numberOfStep.get(stepOfCard.get(event.entity_id))
    if (number !== undefined) arrived.set(number, performance.now())
  })
  return {
    arrived,
    send: (number) => product.call('POST', `/steps/${order[number]}/actions/complete`, {}),
    close: () => socket.close(),
  }
}

async function withBarePath<T>({ sql }: World, work: (bare: Path) => Promise<T>): Promise<T> {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0 })
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  const client = new WebSocket(`ws://127.0.0.1:${port}`)
  await once(client, 'open')
  const arrived = new Map<number, number>()
  client.on('message', (data) => arrived.set(Number(data), performance.now()))
  const subscription = await sql.listen('bench', (number) => {
    for (const socket of server.clients) socket.send(number)
  })
  try {
    return await work({ arrived, send: (number) => sql.notify('bench', String(number)) })
  } finally {
    await subscription.unlisten()
    client.terminate()
    server.close()
  }
}
