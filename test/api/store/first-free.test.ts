import { afterAll, expect, test } from 'vitest'
import { connect } from '../../../api/store/database.ts'
import { takeFirstFree } from '../../../api/store/first-free.ts'
import { testDatabase } from '../../support/database.ts'

const { url, sql } = await testDatabase()
const db = connect(url, { max: 4 })
afterAll(() => db.end({ timeout: 1 }))

const pid = async () => Number((await db`select pg_backend_pid() as pid`)[0]?.pid)
const atOnce = (count: number) =>
  Promise.all(
    Array.from({ length: count }, async () => {
      const [row] = await db`select pg_backend_pid() as pid, pg_sleep(0.02)`
      return Number(row?.pid)
    }),
  )

test('who asks one after the other is answered on one connection, however many are open', async () => {
  await takeFirstFree(db)
  const open = new Set(await atOnce(4))
  expect(open.size).toBe(4)
  const one = await pid()
  for (let more = 0; more < 8; more++) expect(await pid()).toBe(one)

  // As many as are asked for at once, of the same ones; none is lost on the way.
  const again = new Set(await atOnce(4))
  expect(again).toEqual(open)
  const [inside, beside] = await db.begin(async (tx) => [
    Number((await tx`select pg_backend_pid() as pid`)[0]?.pid),
    await pid(),
  ])
  expect(inside).toBe(one)
  expect(beside).not.toBe(one)
  expect(await pid()).toBe(one)
})

test('a connection that was lost is replaced', async () => {
  const lost = await pid()
  await sql`select pg_terminate_backend(${lost}, 1000)`
  // Until that is noticed, and another one made.
  const asked = () => atOnce(4).catch(() => [])
  await expect.poll(async () => new Set(await asked()).size).toBe(4)
  expect(await asked()).not.toContain(lost)
  const one = await pid()
  for (let more = 0; more < 8; more++) expect(await pid()).toBe(one)
})
