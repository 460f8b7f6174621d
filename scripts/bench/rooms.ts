import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { WebSocket, WebSocketServer } from 'ws'
import { type Figure, figure, rounded } from './figure.ts'
import { percentile } from './measure.ts'
import { aMillionTasks } from './million.ts'
import { newPlace } from './place.ts'
import { type Product, withProduct } from './product.ts'
import type { World } from './world.ts'

const clients = 200
const perSecond = 50
const seconds = 10
/** Sent first, and not timed. */
const warmUp = 2 * perSecond
const events = perSecond * seconds + warmUp

/** When each client was told of each number, by `performance.now()`. */
type Arrivals = Map<number, number>[]

/**
 * Cards of one sprint renamed over HTTP, 50 a second, as told to 200 WebSocket clients in its room,
 * beside a million events of others; against Postgres telling a listener that tells as many sockets
 * as much.
 */
export async function measureRooms(world: World): Promise<Figure[]> {
  await aMillionTasks(world)
  const ours = await withProduct(world, (product) => roomOfProduct(world, product))
  const bare = await bareRoom(world, ours.bytes)
  const messages = clients * (events - warmUp)
  const lost = messages - ours.late.length
  if (lost > 0) throw new Error(`${lost} of ${messages} messages were lost, or came twice`)
  return [
    figure({
      name: 'rooms_p99',
      value: percentile(ours.late, 99),
      baseline: percentile(bare.late, 99),
      bound: { value: 500 },
      detail: {
        clients,
        per_second: perSecond,
        messages,
        lost,
        p50: rounded(percentile(ours.late, 50)),
        slowest: rounded(percentile(ours.late, 100)),
        baseline_p50: rounded(percentile(bare.late, 50)),
        bytes: ours.bytes,
      },
    }),
  ]
}

async function roomOfProduct({ sql }: World, product: Product) {
  const { projectId, sprintId } = await newPlace(sql)
  const task = await product.call<{ id: number }>('POST', '/tasks', {
    project_id: projectId,
    sprint_id: sprintId,
    title: 'none',
  })
  let bytes = 0
  const sockets = await openSockets(`${product.url.replace('http', 'ws')}/ws`, product.token)
  try {
    const arrived: Arrivals = await Promise.all(
      sockets.map(async (socket) => {
        socket.send(JSON.stringify({ type: 'subscribe', rooms: [`sprint:${sprintId}`] }))
        await once(socket, 'message')
        const mine = new Map<number, number>()
        socket.on('message', (data) => {
          const text = String(data)
          const { event } = JSON.parse(text)
          const title = event.type === 'task.updated' && event.payload.changes.title?.to
          if (!title) return
          bytes = text.length
          // Each once: a second one would count as lost.
          mine.set(Number(title), mine.has(Number(title)) ? Number.NaN : performance.now())
        })
        return mine
      }),
    )
    const rename = (number: number) =>
      product.call('PATCH', `/tasks/${task.id}`, { title: String(number) })
    return { late: await paced(rename, arrived), bytes }
  } finally {
    for (const socket of sockets) socket.terminate()
  }
}

async function bareRoom({ sql }: World, bytes: number) {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0 })
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  const sockets = await openSockets(`ws://127.0.0.1:${port}`, '')
  const arrived: Arrivals = sockets.map((socket) => {
    const mine = new Map<number, number>()
    socket.on('message', (data) => mine.set(Number(String(data)), performance.now()))
    return mine
  })
  const subscription = await sql.listen('bench_room', (number) => {
    for (const socket of server.clients) socket.send(number.padEnd(bytes))
  })
  try {
    return { late: await paced((number) => sql.notify('bench_room', String(number)), arrived) }
  } finally {
    await subscription.unlisten()
    for (const socket of sockets) socket.terminate()
    server.close()
  }
}

function openSockets(url: string, token: string): Promise<WebSocket[]> {
  return Promise.all(
    Array.from({ length: clients }, async () => {
      const socket = new WebSocket(url, { headers: { Authorization: `Bearer ${token}` } })
      await once(socket, 'open')
      return socket
    }),
  )
}

/** Sends on the beat and answers how late each number came to each client, those lost left out. */
async function paced(send: (number: number) => Promise<unknown>, arrived: Arrivals) {
  const begin = performance.now() + 200
  const due = (number: number) => begin + (number * 1000) / perSecond
  const sent: Promise<unknown>[] = []
  for (let number = 0; number < events; number++) {
    await sleep(Math.max(0, due(number) - performance.now()))
    sent.push(send(number))
  }
  await Promise.all(sent)
  const patience = performance.now() + 10_000
  while (arrived.some((mine) => mine.size < events) && performance.now() < patience) await sleep(20)
  return arrived.flatMap((mine) =>
    [...mine]
      .filter(([number, at]) => number >= warmUp && !Number.isNaN(at))
      .map(([number, at]) => at - due(number)),
  )
}
