import { pino } from 'pino'
import { afterAll, afterEach, beforeEach, expect, test } from 'vitest'
import { startDispatcher } from '../../api/handlers/dispatcher.ts'
import type { Handler } from '../../api/handlers/handler.ts'
import type { Runtime } from '../../api/services/runtime.ts'
import { connect } from '../../api/store/database.ts'
import { record } from '../../api/store/events.ts'
import { transaction } from '../../api/store/transaction.ts'
import { eventually, type Json } from '../support/api.ts'
import { testDatabase } from '../support/database.ts'

const { url, sql } = await testDatabase()
const db = connect(url)
afterAll(() => db.end())
const runtime: Runtime = {
  db,
  log: pino({ level: 'silent' }),
  flows: { start: async () => {}, find: async () => undefined, cancel: async () => {} },
  sprintIntegration: false,
}
await sql`create table work (queue bigint, event bigint)`

/** What the handler of steps does with the n-th call, besides its work. */
let then: (work: Parameters<Handler['handle']>[0], call: number) => unknown
let calls = 0
const steps: Handler = {
  name: 'step_to_task',
  takes: 'one',
  atOnce: 2,
  async handle(work, [event]) {
    const call = ++calls
    await work.tx`insert into work values (${event.protocol_run_id}, ${event.id})`
    await then(work, call)
  },
}
const runsMade: Handler = {
  ...steps,
  name: 'protocol_to_sprint',
  async handle(work, [event]) {
    await work.tx`insert into work values (${event.protocol_run_id}, ${event.id})`
  },
}

const stops: (() => Promise<void>)[] = []
const dispatch = async (patience: number) => {
  stops.push(await startDispatcher(runtime, { handlers: [steps, runsMade], patience }))
}
beforeEach(() => {
  calls = 0
  then = () => {}
})
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop()
  await sql`truncate event_deliveries, work`
})

let runs = 0
const origin = {
  actor: 'test',
  correlationId: 'test',
  causationId: null,
  agent: null,
  sessionKey: null,
}
const payload = {
  step_name: 's',
  from: 'pending',
  to: 'running',
  reason: null,
  attempt: 1,
  version: 2,
  linked_task_id: null,
  tokens: null,
  usage: null,
  cost_usd: null,
  at: '2026-01-01T00:00:00Z',
} as const
/** A step of a run starts; or the run is made. */
const tell = (run: number, type: 'step.started' | 'protocol.created' = 'step.started') =>
  transaction(db, (tx) =>
    record(tx, origin, [
      {
        ...(type === 'step.started'
          ? { type, payload }
          : { type, payload: { protocol_name: 'r', steps: 1 } }),
        entity_type: 'step',
        entity_id: 1,
        project_id: null,
        protocol_run_id: run,
      },
    ]),
  )
const waiting = (run: number) => sql<Json[]>`
  select * from event_deliveries where order_key = ${`step_to_task:${run}`} order by event_id`
const done = async (run: number) => (await sql`select 1 from work where queue = ${run}`).length
/** Lets the next try begin now instead of after its wait. */
const hurry = async () => {
  await sql`update event_deliveries set next_try_at = now()`
  await sql`notify events`
}

const waysToHang: Record<string, typeof then> = {
  'and never comes back': () => new Promise(() => {}),
  'in a statement': ({ tx }) => tx`select pg_sleep(60)`,
  'behind a lock': ({ tx }) => tx`lock table held`,
}
test.each(Object.entries(waysToHang))(
  'a handler that hangs %s is undone when its time is up, and its queue goes on',
  async (_, hang) => {
    const run = ++runs
    await sql`create table if not exists held ()`
    const holder = await sql.reserve()
    await holder`begin`
    await holder`lock table held`
    try {
      then = (work, call) => (call === 1 ? hang(work, call) : undefined)
      await tell(run)
      await tell(run)
      await dispatch(300)
      const [first] = await eventually(
        () => waiting(run),
        ([head]) => head?.attempts === 1,
      )
      expect(first).toMatchObject({ attempts: 1, parked_at: null })
      expect(first?.error).toMatch(/took longer than 300 ms|statement timeout/)
      expect(await done(run)).toBe(0)
      await hurry()
      await eventually(
        () => waiting(run),
        (rows) => rows.length === 0,
      )
      expect(await done(run)).toBe(2)
    } finally {
      await holder`rollback`
      holder.release()
    }
  },
)

test('what a handler does after its time was up reaches nothing', async () => {
  const run = ++runs
  let late: Promise<unknown> = Promise.resolve()
  let goOn = () => {}
  const patience = new Promise<void>((resolve) => {
    goOn = resolve
  })
  then = ({ tx }, call) => {
    if (call > 1) return undefined
    late = patience.then(async () => {
      await tx`insert into work values (${run}, -1)`
    })
    return late
  }
  await tell(run)
  await dispatch(200)
  await eventually(
    () => waiting(run),
    ([head]) => head?.attempts === 1,
  )
  goOn()
  await expect(late).rejects.toThrow('its time was up')
  await hurry()
  await eventually(
    () => waiting(run),
    (rows) => rows.length === 0,
  )
  expect(await sql`select 1 from work where event = -1`).toHaveLength(0)
  expect(await done(run)).toBe(1)
})

test('one that hangs keeps neither the other queues nor the other handlers waiting', async () => {
  const [stuck, other, another] = [++runs, ++runs, ++runs]
  let free = () => {}
  const held = new Promise<void>((resolve) => {
    free = resolve
  })
  then = (_, call) => (call === 1 ? held : undefined)
  await tell(stuck)
  await dispatch(60_000)
  await eventually(
    async () => calls,
    (count) => count === 1,
  )
  try {
    // Told while it hangs already.
    for (const [run, type] of [
      [other, 'step.started'],
      [another, 'protocol.created'],
      [other, 'step.started'],
    ] as const) {
      const before = await done(run)
      await tell(run, type)
      await eventually(
        () => done(run),
        (count) => count === before + 1,
      )
      expect(await done(run)).toBe(before + 1)
    }
    expect(await done(stuck)).toBe(0)
  } finally {
    free()
  }
})

test('a whole lane that hangs leaves the other handlers theirs', async () => {
  let free = () => {}
  const held = new Promise<void>((resolve) => {
    free = resolve
  })
  then = () => held
  const stuck = Array.from({ length: 5 }, () => ++runs)
  for (const run of stuck) await tell(run)
  await dispatch(60_000)
  await eventually(
    async () => calls,
    (count) => count === steps.atOnce,
  )
  const run = ++runs
  try {
    await tell(run, 'protocol.created')
    await eventually(
      () => done(run),
      (count) => count === 1,
    )
    expect(await done(run)).toBe(1)
  } finally {
    free()
  }
})

test('a queue in which thousands wait hides no other', async () => {
  let free = () => {}
  const held = new Promise<void>((resolve) => {
    free = resolve
  })
  const [long, short] = [++runs, ++runs]
  then = (_, call) => (call === 1 ? held : undefined)
  for (let n = 0; n < 3; n++) {
    await transaction(db, async (tx) => {
      const event = { type: 'step.started', payload, entity_type: 'step', entity_id: 1 } as const
      const many = Array.from({ length: 700 }, () => ({
        ...event,
        project_id: null,
        protocol_run_id: long,
      }))
      await record(tx, origin, many)
    })
  }
  await dispatch(60_000)
  await eventually(
    async () => calls,
    (count) => count === 1,
  )
  try {
    await tell(short)
    await eventually(
      () => done(short),
      (count) => count === 1,
    )
    expect(await done(short)).toBe(1)
  } finally {
    await sql`delete from event_deliveries where order_key = ${`step_to_task:${long}`}`
    free()
  }
})

test('two that hand out the same queues do each event once, in its order', async () => {
  then = () => new Promise((resolve) => setTimeout(resolve, 2))
  const queues = [++runs, ++runs, ++runs]
  await dispatch(5000)
  await dispatch(5000)
  for (let n = 0; n < 15; n++) await Promise.all(queues.map((run) => tell(run)))
  await eventually(
    async () => (await Promise.all(queues.map(waiting))).flat().length,
    (left) => left === 0,
  )
  for (const run of queues) {
    const events = await sql<Json[]>`select event from work where queue = ${run} order by ctid`
    expect(events).toHaveLength(15)
    const ids = events.map(({ event }) => Number(event))
    expect(ids).toEqual(ids.toSorted((a, b) => a - b))
    expect(new Set(ids).size).toBe(15)
  }
})

test('a handler that throws is tried again later, and the others go on', async () => {
  const [broken, sound] = [++runs, ++runs]
  then = (_, call) => {
    if (call === 1) throw new Error('broken')
  }
  await tell(broken)
  await dispatch(5000)
  await eventually(
    () => waiting(broken),
    ([head]) => head?.attempts === 1,
  )
  expect(await waiting(broken)).toMatchObject([{ attempts: 1, error: 'broken' }])
  expect(await done(broken)).toBe(0)
  await tell(sound)
  await eventually(
    () => done(sound),
    (count) => count === 1,
  )
  await hurry()
  await eventually(
    () => done(broken),
    (count) => count === 1,
  )
  expect([await done(broken), await done(sound)]).toEqual([1, 1])
})
