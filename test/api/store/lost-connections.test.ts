import { connect as connectTo, createServer, type Socket } from 'node:net'
import { afterAll, expect, test } from 'vitest'
import { connect, readTypes } from '../../../api/store/database.ts'
import { testDatabase } from '../../support/database.ts'

const { url } = await testDatabase()

/** Stands between the pool and its server, to cut connections. */
const sockets = new Set<Socket>()
/** What a client says for the last time. */
let resetAt: string | undefined
const proxy = createServer((client) => {
  const server = connectTo(Number(new URL(url).port), '127.0.0.1')
  for (const socket of [client, server]) {
    sockets.add(socket)
    socket.on('error', () => {}).on('close', () => sockets.delete(socket))
  }
  client.on('data', (data) => {
    if (resetAt !== undefined && data.includes(resetAt)) client.resetAndDestroy()
  })
  client.pipe(server).pipe(client)
})
await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve))
const { port } = proxy.address() as { port: number }
const db = connect(Object.assign(new URL(url), { port: String(port) }).href, { max: 2 })
afterAll(async () => {
  await db.end({ timeout: 1 })
  for (const socket of sockets) socket.destroy()
  proxy.close()
})

test('a pool whose connections were lost in the middle of asking answers again at once', async () => {
  const failures: string[] = []
  let cut = false
  const ask = async () => {
    await db`select 1`.catch((error: { code: string }) => failures.push(error.code))
  }
  const asked: Promise<void>[] = []
  for (let round = 0; round < 12; round++) {
    await ask()
    cut = false
    setTimeout(() => {
      for (const socket of sockets) socket.destroy()
      cut = true
    }, 5)
    // Something is about to be written at any moment.
    for (let after = 0; after < 50; after += cut ? 1 : 0) {
      asked.push(ask())
      await new Promise((resolve) => setImmediate(resolve))
    }
  }
  await Promise.all(asked)
  expect(failures).not.toHaveLength(0)
  // None of them has waited in vain for a connection.
  expect(failures).not.toContain('CONNECT_TIMEOUT')
  expect(await Promise.all([db`select 1 as one`, db`select 1 as one`])).toMatchObject([
    [{ one: 1 }],
    [{ one: 1 }],
  ])
})

test('a connection that is reset while it is being made ends nothing but what asked for it', async () => {
  await readTypes(db)
  for (const socket of sockets) socket.destroy()
  await Promise.allSettled([db`select 1`, db`select 1`])
  // The process is what is at stake: this file fails over an error that nobody catches.
  resetAt = 'pg_catalog.pg_type'
  await Promise.allSettled([db`select 1`, db`select 1`])
  resetAt = undefined
  expect(await db`select array[1, 2]::bigint[] as ids`).toMatchObject([{ ids: [1, 2] }])
})

test('a server that is not there is told at once', async () => {
  const nowhere = connect('postgres://nobody@127.0.0.1:1/none', { max: 1 })
  await expect(nowhere`select 1`).rejects.toMatchObject({ code: 'ECONNREFUSED' })
  await nowhere.end()
})
