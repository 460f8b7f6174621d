import { afterAll, expect, test } from 'vitest'
import { connect } from '../../../api/store/database.ts'
import { transaction } from '../../../api/store/transaction.ts'
import { testDatabase } from '../../support/database.ts'

const { url, sql } = await testDatabase()
const db = connect(url, { max: 2 })
afterAll(() => db.end())

const pidOf = async (tx: Parameters<Parameters<typeof transaction>[1]>[0]) =>
  Number((await tx`select pg_backend_pid() as pid`)[0]?.pid)
const terminate = (pid: number) => sql`select pg_terminate_backend(${pid}, 1000)`
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

// Vitest fails the file over an uncaught exception, which is what these are about.
const losses = {
  'in a statement': () =>
    transaction(db, async (tx) => {
      const pid = await pidOf(tx)
      setTimeout(() => void terminate(pid).execute(), 20)
      await tx`select pg_sleep(10)`
    }),
  'in a statement of a savepoint': () =>
    transaction(db, async (tx) => {
      const pid = await pidOf(tx)
      setTimeout(() => void terminate(pid).execute(), 20)
      await tx.savepoint((inner) => inner`select pg_sleep(10)`)
    }),
  'between statements': () =>
    transaction(db, async (tx) => {
      await terminate(await pidOf(tx))
      await pause(50)
      await tx`select 1`
    }),
}

test.each(Object.entries(losses))(
  'a connection lost %s fails that transaction alone',
  async (_, lose) => {
    await expect(lose()).rejects.toMatchObject({
      code: expect.stringMatching(/^(CONNECTION_CLOSED|57P01)$/),
    })
    await pause(50)
    expect(await transaction(db, (tx) => tx`select 1 as one`)).toMatchObject([{ one: 1 }])
  },
)

test('an error of the work is the error of the transaction, whatever its code', async () => {
  const error = Object.assign(new Error('elsewhere'), { code: 'ECONNRESET' })
  await expect(transaction(db, () => Promise.reject(error))).rejects.toBe(error)
})

test('two transactions that wait for each other both succeed', async () => {
  await sql`create table turns (id int primary key, n int default 0)`
  await sql`insert into turns (id) values (1), (2)`
  const bump = (first: number, second: number) =>
    transaction(db, async (tx) => {
      await tx`update turns set n = n + 1 where id = ${first}`
      await pause(50)
      await tx`update turns set n = n + 1 where id = ${second}`
    })
  await Promise.all([bump(1, 2), bump(2, 1)])
  expect(await sql`select n from turns`).toMatchObject([{ n: 2 }, { n: 2 }])
})
