import { connect, createServer, type Socket } from 'node:net'
import { expect, test } from 'vitest'
import { checked } from '../api/support/checked-api.ts'
import { eventually, type Json } from '../support/api.ts'
import { testDatabase } from '../support/database.ts'

import { type ApiProcess, apiProcesses } from './support/api-process.ts'

const database = await testDatabase()
const { sql } = database
const startApi = await apiProcesses()

/** Makes deliveries that are settled wait for a lock, which the test holds. */
async function holdMarks() {
  await sql.unsafe(`create or replace function hold_mark() returns trigger language plpgsql as $$
    begin perform pg_advisory_xact_lock(4711); return old; end $$`)
  await sql.unsafe(`create or replace trigger hold_mark before delete on event_deliveries
    for each row execute function hold_mark()`)
  const holder = await sql.reserve()
  await holder`select pg_advisory_lock(4711)`
  return async () => {
    await holder`select pg_advisory_unlock(4711)`
    holder.release()
  }
}

/** The work is done, and its mark waits for the lock. */
async function markBeingMade() {
  const waiting = () => sql`
    select 1 from pg_stat_activity where datname = current_database()
      and wait_event = 'advisory' and query like '%delete from event_deliveries%'`
  await eventually(waiting, (rows) => rows.length > 0)
  expect(await waiting()).not.toHaveLength(0)
}

test('a process killed between the work of a handler and its mark: another does it, once', async () => {
  const first = await startApi(database)
  const api = checked(first)
  const project = await api.project()
  const { run, step } = await api.linkedRun(project.id, [{ step_name: 'a', story_points: 3 }])
  await api.settled()
  const letGo = await holdMarks()
  await api.act(step('a'), 'start')
  await markBeingMade()
  await first.crash()
  await letGo()

  const second = checked(await startApi(database))
  await second.settled()
  const moved = await sql<Json[]>`
    select payload from events where type = 'task.status_changed' and protocol_run_id = ${run.id}`
  expect(moved.map(({ payload }) => payload.to)).toEqual(['in_progress'])
  const { linked_task_id } = (await second.get(`/steps/${step('a').id}`)).body
  expect((await second.get(`/tasks/${linked_task_id}`)).body.board_status).toBe('in_progress')
})

test('a process that stops in the middle keeps its queue from the others only for a moment', async () => {
  const first = await startApi(database, { patience: 500 })
  const api = checked(first)
  const project = await api.project()
  const { step } = await api.linkedRun(project.id, [{ step_name: 'a' }])
  await api.settled()
  const letGo = await holdMarks()
  await api.act(step('a'), 'start')
  await markBeingMade()
  process.kill(first.process.pid, 'SIGSTOP')
  await letGo()
  const second = checked(await startApi(database))
  await second.settled()
  process.kill(first.process.pid, 'SIGCONT')
  // It has lost its connection, and goes on.
  await api.act(step('a'), 'complete')
  await api.settled()
  const { linked_task_id } = (await api.get(`/steps/${step('a').id}`)).body
  expect((await api.get(`/tasks/${linked_task_id}`)).body.board_status).toBe('done')
})

/** Passes requests on, and kills the API at the first sign of an answer, which nobody gets. */
async function deadlyProxy(api: ApiProcess) {
  const target = Number(new URL(api.url).port)
  const sockets = new Set<Socket>()
  const server = createServer((client) => {
    const upstream = connect(target, '127.0.0.1')
    for (const socket of [client, upstream]) {
      sockets.add(socket)
      socket.on('error', () => {})
    }
    client.pipe(upstream)
    upstream.once('data', () => {
      void api.crash()
      client.destroy()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { port: number }
  return {
    url: `http://127.0.0.1:${port}`,
    close: () => {
      for (const socket of sockets) socket.destroy()
      server.close()
    },
  }
}

test('a process killed between the commit and the answer: the repeat gets the answer, the work is done once', async () => {
  const first = await startApi(database)
  const { id } = (await first.post('/projects', { slug: 'unanswered', name: 'P' })).body
  const proxy = await deadlyProxy(first)
  const body = { project_id: id, name: 'Unanswered' }
  const headers = { 'Idempotency-Key': 'unanswered-1' }
  try {
    await expect(
      fetch(`${proxy.url}/sprints`, {
        method: 'POST',
        headers: {
          ...headers,
          Authorization: `Bearer ${first.adminToken}`,
          'Content-Type': 'application/json',
        },
        body: JSON.stringify(body),
      }),
    ).rejects.toThrow()
  } finally {
    proxy.close()
  }
  const [made] = await sql<Json[]>`select id from sprints where name = 'Unanswered'`
  expect(made).toBeDefined()

  const second = await startApi(database)
  const again = await second.post('/sprints', body, { headers })
  expect(again).toMatchObject({ status: 201, body: { id: Number(made?.id) } })
  expect(await second.post('/sprints', body, { headers })).toEqual(again)
  expect(await sql`select 1 from sprints where name = 'Unanswered'`).toHaveLength(1)
  const told =
    await sql`select 1 from events where type = 'sprint.created' and entity_id = ${made?.id}`
  expect(told).toHaveLength(1)
  // The key still names that request alone.
  const other = await second.post('/sprints', { ...body, name: 'Other' }, { headers })
  expect(other).toMatchObject({ status: 409, body: { rule: 'idempotency_key_names_one_request' } })
})
