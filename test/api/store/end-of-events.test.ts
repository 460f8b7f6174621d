import { setTimeout as pause } from 'node:timers/promises'
import type postgres from 'postgres'
import { afterAll, expect, test } from 'vitest'
import { connect, type Tx } from '../../../api/store/database.ts'
import {
  type Cursor,
  endOfStream,
  parseCursor,
  readEvents,
  record,
} from '../../../api/store/events.ts'
import { transaction } from '../../../api/store/transaction.ts'
import { testDatabase } from '../../support/database.ts'

const { url, sql } = await testDatabase()
const { url: elsewhere } = await testDatabase()
const db = connect(url, { max: 24 })
const other = connect(elsewhere, { max: 1 })
afterAll(() => Promise.all([db.end(), other.end()]))

const origin = { actor: 'a', correlationId: 'c', causationId: null, agent: null, sessionKey: null }
const told = (entity_id: number) => ({
  type: 'task.updated' as const,
  entity_type: 'task',
  entity_id,
  project_id: null,
  payload: { changes: {} },
})
const tell = (entity_id: number) => transaction(db, (tx) => record(tx, origin, [told(entity_id)]))

const gate = () => {
  let open = () => {}
  const opened = new Promise<void>((resolve) => {
    open = resolve
  })
  return { open, opened }
}

/** A transaction that does something and then stands open; answers how to end it. */
async function held<T>(
  begin: (work: (tx: T) => Promise<unknown>) => Promise<unknown>,
  first: (tx: T) => Promise<unknown>,
  then: (tx: T) => Promise<unknown> = async () => {},
): Promise<() => Promise<unknown>> {
  const [done, end] = [gate(), gate()]
  const ended = begin(async (tx) => {
    await first(tx)
    done.open()
    await end.opened
    await then(tx)
  })
  await Promise.race([done.opened, ended])
  return () => {
    end.open()
    return ended
  }
}
const byHand = (work: (tx: postgres.TransactionSql) => Promise<unknown>) => sql.begin(work)
const recording = (work: (tx: Tx) => Promise<unknown>) => transaction(db, work)
const inOtherDatabase = () =>
  held(
    (work: (tx: Tx) => Promise<unknown>) => other.begin(work),
    async (tx) => {
      await tx`select begin_recording()`
      await tx`select pg_current_xact_id()`
    },
  )

const from = await endOfStream(db)
const read = async (after: Cursor) =>
  (await readEvents(db, [{}], { from: after, limit: 1000 })).map((event) => event.entity_id)

test('a transaction that records nothing holds nothing back, here or in another database', async () => {
  const commit = await Promise.all([
    held(byHand, (tx) => tx`create temp table report as select 1`),
    inOtherDatabase(),
  ])
  await tell(1)
  expect(await read(from)).toEqual([1])
  await Promise.all(commit.map((it) => it()))
  expect(await read(from)).toEqual([1])
})

test.each<[string, (tx: Tx) => Promise<unknown>]>([
  ['has recorded', (tx) => record(tx, origin, [told(2)])],
  ['may still record', (tx) => tx`select pg_current_xact_id()`],
])('one that %s holds back what began after it, in its savepoints too', async (_, first) => {
  const start = await endOfStream(db)
  const commit = await held(recording, first, (tx) =>
    tx.savepoint((inner) => record(inner as Tx, origin, [told(3)])),
  )
  await tell(4)
  expect(await read(start)).toEqual([])
  await commit()
  expect((await read(start)).slice(-2)).toEqual([3, 4])
})

test('one that was written by hand is waited for as well', async () => {
  const start = await endOfStream(db)
  const commit = await held(
    byHand,
    (tx) => tx`insert into events (type, entity_type, entity_id, correlation_id, actor, payload)
      values ('task.updated', 'task', 5, 'c', 'a', '{"changes":{}}')`,
  )
  await tell(6)
  expect(await read(start)).toEqual([])
  await commit()
  expect(await read(start)).toEqual([5, 6])
})

test('many writers, late commits and rollbacks: a reader gets every event once, in order', async () => {
  const commit = await inOtherDatabase()
  const start = await endOfStream(db)
  const committed: number[] = []
  let next = 1000
  let writing = true
  const soon = () => pause(Math.random() * 6)
  const write = async () => {
    for (let turn = 0; turn < 25; turn++) {
      const ids = Array.from({ length: 1 + Math.floor(Math.random() * 3) }, () => next++)
      const undone = Math.random() < 0.2
      await transaction(db, async (tx) => {
        if (Math.random() < 0.5) await soon()
        if (Math.random() < 0.5) await tx`select pg_current_xact_id()`
        for (const id of ids) {
          if (Math.random() < 0.5) await soon()
          await record(tx, origin, [told(id)])
        }
        await soon()
        if (undone) throw new Error('undone')
      }).then(
        () => committed.push(...ids),
        () => {},
      )
    }
  }
  const reader = async (limit: number) => {
    const seen: { id: number; place: Cursor }[] = []
    for (let last = false; ; ) {
      const after = seen.at(-1)?.place ?? start
      const page = await readEvents(db, [{}], { from: after, limit })
      seen.push(...page.map((it) => ({ id: it.entity_id, place: parseCursor(it.cursor) })))
      if (page.length > 0) continue
      if (last) return seen
      last = !writing
    }
  }
  const readers = [reader(1), reader(7), reader(500)]
  await Promise.all(Array.from({ length: 14 }, write))
  writing = false
  for (const seen of await Promise.all(readers)) {
    const ids = seen.map((it) => it.id)
    expect(ids.toSorted()).toEqual(committed.toSorted())
    expect(new Set(ids).size).toBe(ids.length)
  }
  await commit()
})
