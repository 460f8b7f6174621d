import { expect, test } from 'vitest'
import { checked } from '../api/support/checked-api.ts'
import { expectConsistent } from '../api/support/consistent.ts'
import { openStream } from '../api/support/streams.ts'
import { eventually, type Json } from '../support/api.ts'
import { testDatabase } from '../support/database.ts'
import { apiProcesses } from './support/api-process.ts'

const database = await testDatabase()
const { sql } = database
const startApi = await apiProcesses()
const both = [await startApi(database), await startApi(database)] as const
const [one, other] = [checked(both[0]), checked(both[1])] as const
const project = await one.project()

test('each event is handled once, and streams of both tell the same', async () => {
  const runs = await Promise.all(
    Array.from({ length: 4 }, () =>
      one.linkedRun(
        project.id,
        Array.from({ length: 10 }, (_, n) => ({ step_name: `s${n}`, story_points: 1 })),
      ),
    ),
  )
  await one.settled()
  await one.caughtUp()
  const headers = { Authorization: `Bearer ${one.adminToken}` }
  const streams = await Promise.all(
    both.map((api) => openStream(`${api.url}/events/stream?project_id=${project.id}`, headers)),
  )
  await Promise.all(
    runs.flatMap(({ steps }, index) =>
      steps.map(async (step: Json) => {
        await (index % 2 ? one : other).act(step, 'start')
        await (index % 2 ? other : one).act(step, 'complete')
      }),
    ),
  )
  await one.settled()
  await one.caughtUp()

  const moves = await sql<Json[]>`
    select causation_id, count(*)::int as times, count(distinct entity_id)::int as cards from events
    where type = 'task.status_changed' and protocol_run_id is not null group by 1`
  expect(moves).toHaveLength(80)
  expect(moves.every(({ times }) => times === 1)).toBe(true)
  for (const { sprint } of runs) {
    expect((await other.get(`/sprints/${sprint.id}`)).body.velocity_actual).toBe(10)
  }
  await expectConsistent(database)

  const last = (
    await sql<
      Json[]
    >`select id from events where project_id = ${project.id} order by xid desc, id desc limit 1`
  )[0]
  for (const stream of streams) {
    await eventually(
      async () => stream.events.at(-1)?.event.id,
      (id) => id === Number(last?.id),
    )
  }
  const [told, toldToo] = streams.map((stream) => stream.events.map(({ id }) => id))
  expect(told).toEqual(toldToo)
  expect(new Set(told).size).toBe(told?.length)
  for (const stream of streams) stream.close()
})

test('a token made in one is good in the other at once; revoked in one, it is refused by both within a second', async () => {
  const made = (await one.post('/tokens', { name: 'both', role: 'viewer' })).body
  const ask = () => Promise.all(both.map(({ get }) => get('/projects', { token: made.secret })))
  expect((await ask()).map(({ status }) => status)).toEqual([200, 200])
  await other.delete(`/tokens/${made.id}`)
  const revoked = performance.now()
  await eventually(ask, (answers) => answers.every(({ status }) => status === 401))
  expect(performance.now() - revoked).toBeLessThan(1000)
  expect((await ask()).map(({ status }) => status)).toEqual([401, 401])
})

test('one key sent to both at once is one request', async () => {
  const headers = { 'Idempotency-Key': 'to-both' }
  const body = { project_id: project.id, name: 'To both' }
  const answers = await Promise.all(
    Array.from({ length: 20 }, (_, n) => both[n % 2 ? 0 : 1].post('/sprints', body, { headers })),
  )
  expect(new Set(answers.map(({ status, body }) => `${status} ${body.id}`)).size).toBe(1)
  expect(await sql`select 1 from sprints where name = 'To both'`).toHaveLength(1)
  const another = await both[0].post('/sprints', { ...body, name: 'Another' }, { headers })
  expect(another).toMatchObject({
    status: 409,
    body: { rule: 'idempotency_key_names_one_request' },
  })
})
