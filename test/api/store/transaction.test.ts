import { afterAll, expect, test } from 'vitest'
import { connect, type Tx } from '../../../api/store/database.ts'
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

const itself: Record<string, unknown> = {}
itself.itself = itself
const never = undefined as unknown as number
const symbol = Symbol('unsayable') as unknown as number
const many = Array.from({ length: 65_534 }, (_, id) => id)
const unsayable: Record<string, (tx: Tx) => Promise<unknown>> = {
  'an undefined value': (tx) => tx`select ${never}`,
  'an undefined field of a row': (tx) => tx`insert into turns ${tx({ id: never })}`,
  'an undefined field of rows': (tx) => tx`insert into turns ${tx([{ id: never }])}`,
  'an undefined item of a list': (tx) => tx`select ${[1, never]}::int[]`,
  'undefined as JSON': (tx) => tx`select ${tx.json(undefined as never)}::jsonb`,
  'what cannot be JSON': (tx) => tx`select ${tx.json(itself as never)}::jsonb`,
  'a symbol': (tx) => tx`select ${symbol}`,
  'a symbol in a row': (tx) => tx`insert into turns ${tx({ id: symbol })}`,
  'a symbol in a list': (tx) => tx`select ${[1, symbol]}::int[]`,
  'a symbol as JSON': (tx) => tx`select ${tx.json(symbol as never)}::jsonb`,
  'a function as JSON': (tx) => tx`select ${tx.json((() => {}) as never)}::jsonb`,
  'more values than the protocol counts': (tx) => tx`select from turns where id in ${tx(many)}`,
  'more rows than the protocol counts': (tx) =>
    tx`insert into turns ${tx(many.map((id) => ({ id, n: 0 })))}`,
  'a fragment with more values than the protocol counts': (tx) =>
    tx`select from turns where ${tx`id in ${tx(many)}`}`,
  'no moment': (tx) => tx`select ${new Date(Number.NaN)}::timestamptz`,
}

test.each(Object.entries(unsayable))(
  '%s ends its transaction, whatever is under way before it',
  async (_, say) => {
    const refused = () =>
      transaction(db, async (tx, send) => {
        await send(tx`select 1`)
        await say(tx)
      })
    // More often than there are connections: none is lost to those that come later.
    for (let more = 0; more < 3; more++)
      await expect(refused()).rejects.toThrow(/undefined|invalid|symbol|may hold/i)
  },
)

const onAccountOf = (actor: string) => ({
  origin: { actor, correlationId: 'c', causationId: null, sessionKey: null, agent: null },
})

test('what nobody waits for is done in its order, and commits with the rest', async () => {
  const account = await transaction(
    db,
    async (tx, send) => {
      await send(tx`insert into turns (id, n) values (3, 1)`)
      await send(tx`update turns set n = n * 10 where id = 3`)
      const [row] =
        await tx`select current_setting('devgodzilla.origin')::json ->> 'actor' as actor`
      await send(tx`update turns set n = n + 1 where id = 3`)
      return row?.actor
    },
    onAccountOf('ada'),
  )
  expect(account).toBe('ada')
  expect(await sql`select n from turns where id = 3`).toMatchObject([{ n: 11 }])
})

test.each([
  ['at the end', (tx: Tx) => tx`insert into turns (id) values (1)`],
  ['before anything is sent', async () => JSON.parse('{')],
])('what nobody waits for undoes all of it where it fails %s', async (_, last) => {
  const failing = transaction(db, async (tx, send) => {
    await tx`update turns set n = -1`
    await send(last(tx))
    return 'done'
  })
  await expect(failing).rejects.toThrow(/turns_pkey|JSON/)
  expect(await sql`select from turns where n = -1`).toHaveLength(0)
})

test('a race lost by what nobody waits for is run again', async () => {
  const bump = (first: number, second: number) =>
    transaction(db, async (tx, send) => {
      await tx`update turns set n = n + 1 where id = ${first}`
      await pause(50)
      await send(tx`update turns set n = n + 1 where id = ${second}`)
    })
  const before = await sql`select sum(n)::int as n from turns where id in (1, 2)`
  await Promise.all([bump(1, 2), bump(2, 1)])
  const after = await sql`select sum(n)::int as n from turns where id in (1, 2)`
  expect(after[0]?.n - before[0]?.n).toBe(4)
})

test('what goes on beside failed work reaches the database no more', async () => {
  await sql`create table late (id int primary key)`
  let beside: Promise<unknown> | undefined
  const failing = transaction(db, async (tx) => {
    const goOn = async () => {
      await tx`select pg_sleep(0.05)`
      await tx`insert into late values (1)`
    }
    beside = goOn()
    await Promise.all([beside, Promise.reject(new Error('refused'))])
  })
  await expect(failing).rejects.toThrow('refused')
  await expect(beside).rejects.toThrow('the transaction is over')
  expect(await sql`select * from late`).toEqual([])
})
