import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { pino } from 'pino'
import { afterAll, expect, test } from 'vitest'
import { startApi } from '../../../api/main.ts'
import { eventually } from '../../support/api.ts'
import { testDatabase } from '../../support/database.ts'

const database = await testDatabase()
const logged: { level: number; msg: string }[] = []

/** Postgres behind a door that can be shut: to the API, a database that is away. */
const behind = new URL(database.url)
const open = new Set<Socket>()
const listener = createServer((socket) => {
  const onwards = connect(Number(behind.port), behind.hostname)
  for (const [one, other] of [
    [socket, onwards],
    [onwards, socket],
  ] as const) {
    open.add(one)
    one.pipe(other)
    one.on('error', () => other.destroy())
    one.on('close', () => other.destroy())
  }
})
listener.listen(0, '127.0.0.1')
await once(listener, 'listening')
const { port } = listener.address() as AddressInfo
const shut = async () => {
  const closed = once(listener, 'close')
  listener.close()
  for (const socket of open) socket.destroy()
  open.clear()
  await closed
}

const api = await startApi({
  databaseUrl: Object.assign(new URL(database.url), { hostname: '127.0.0.1', port }).href,
  ...{ host: '127.0.0.1', port: 0, adminToken: 'test-admin-token', sprintIntegration: false },
  windmill: () => ({ baseUrl: 'http://127.0.0.1:9', token: 'unused', workspace: 'devgodzilla' }),
  consoleDir: null,
  log: pino({ level: 'info' }, { write: (line: string) => void logged.push(JSON.parse(line)) }),
})
afterAll(async () => {
  await api.close()
  listener.close()
})
const ask = () =>
  fetch(`${api.url}/projects`, { headers: { Authorization: 'Bearer test-admin-token' } })
const said = (pattern: RegExp) => logged.filter(({ msg }) => pattern.test(msg)).length

test('while the database is away every request is told to come back, and the log says it once', async () => {
  expect((await ask()).status).toBe(200)
  await shut()
  const answer = await eventually(ask, (it) => it.status !== 200)
  expect(answer.status).toBe(503)
  expect(answer.headers.get('Retry-After')).toMatch(/^\d+$/)
  expect(answer.headers.get('Content-Type')).toContain('application/problem+json')
  expect(await answer.json()).toMatchObject({ code: 'unavailable', rule: 'database_answers' })
  await eventually(
    async () => [said(/^handing out events waits/), said(/^watching the handlers waits/)],
    (times) => !times.includes(0),
  )
  // A few more polls of the dispatcher and of the watch.
  await new Promise((resolve) => setTimeout(resolve, 3200))
  expect(said(/^handing out events waits/)).toBe(1)
  expect(said(/^watching the handlers waits/)).toBe(1)
  expect(logged.filter(({ level }) => level >= 50).length).toBe(
    said(/waits: the database is away$/),
  )

  listener.listen(port, '127.0.0.1')
  await once(listener, 'listening')
  expect((await eventually(ask, (it) => it.status === 200)).status).toBe(200)
  await eventually(
    async () => said(/^handing out events goes on/),
    (times) => times > 0,
  )
  expect(said(/^handing out events goes on/)).toBe(1)
})
