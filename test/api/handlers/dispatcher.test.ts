import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { pino } from 'pino'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startApi } from '../../../api/main.ts'
import { eventually, type Json } from '../../support/api.ts'
import { createTestDatabase } from '../../support/database.ts'
import { checkedApi, checkedClient } from '../support/checked-api.ts'
import { expectConsistent } from '../support/consistent.ts'

const api = await checkedApi()
const { sql } = api.database
const project = await api.project()
const oneStep = [{ step_name: 'a', story_points: 3 }]

/** The database refuses changes of tasks with this title: work that a handler cannot do. */
const poison = 'poison'
beforeAll(async () => {
  // A sequence counts what was undone, too.
  await sql`create sequence tries`
  await sql.unsafe(`create function refuse_poison() returns trigger language plpgsql as $$
    begin
      perform nextval('tries');
      if new.title = '${poison}' then raise exception 'poisoned'; end if;
      return new;
    end $$`)
  await sql.unsafe(`create trigger poison before update of board_status on tasks
    for each row execute function refuse_poison()`)
})
const deliveries = (queue: string) => sql<Json[]>`
  select * from event_deliveries where order_key = ${queue} order by event_id`
/** Lets the next try begin now instead of after its wait. */
const hurry = async (queue: string) => {
  await sql`update event_deliveries set next_try_at = now() where order_key = ${queue}`
  await sql`notify events`
}
const poisoned = async () => {
  const made = await api.linkedRun(project.id, [...oneStep, { step_name: 'b' }])
  await sql`update tasks set title = ${poison} where id = ${(await made.card('a')).id}`
  const cure = async () =>
    sql`update tasks set title = 'cured' where id = ${(await made.card('a')).id}`
  return { ...made, cure, queue: `step_to_task:${made.run.id}` }
}

test('work that fails is tried again, later each time, and its queue waits in order', async () => {
  const { step, card, cure, queue } = await poisoned()
  await api.act(step('a'), 'start')
  const first = await eventually(
    () => deliveries(queue),
    ([head]) => head?.attempts === 1,
  )
  expect(first[0]).toMatchObject({ attempts: 1, error: 'poisoned', parked_at: null })
  await api.act(step('b'), 'start')
  await hurry(queue)
  const second = await eventually(
    () => deliveries(queue),
    ([head]) => head?.attempts === 2,
  )
  const wait = (row: Json) => row.next_try_at.getTime() - Date.now()
  expect(wait(second[0])).toBeGreaterThan(1000)
  expect(second).toHaveLength(2)
  expect(second[1]).toMatchObject({ attempts: 0 })
  // The one behind could be done, and is not: order holds.
  expect((await card('b')).board_status).toBe('todo')
  await cure()
  await hurry(queue)
  await eventually(
    () => deliveries(queue),
    (rows) => rows.length === 0,
  )
  expect((await card('a')).board_status).toBe('in_progress')
  expect((await card('b')).board_status).toBe('in_progress')
})

test('after the last try a delivery is parked, and the rest of its queue goes on', async () => {
  const { step, card, queue, cure } = await poisoned()
  await api.act(step('a'), 'start')
  await api.act(step('b'), 'start')
  await eventually(
    () => deliveries(queue),
    ([head]) => head?.attempts > 0,
  )
  await sql`update event_deliveries set attempts = 7 where order_key = ${queue} and attempts > 0`
  await hurry(queue)
  const [parked] = await eventually(
    () => deliveries(queue),
    ([head]) => head?.parked_at !== null,
  )
  expect(parked).toMatchObject({ attempts: 8, error: 'poisoned' })
  await eventually(
    () => deliveries(queue),
    (rows) => rows.length === 1,
  )
  expect((await card('b')).board_status).toBe('in_progress')
  const metrics = (await api.get('/metrics')).body
  expect(metrics).toContain('devgodzilla_event_deliveries{state="parked"} 1')

  // Replayed after newer events of the step, it undoes none of them.
  await cure()
  await api.act(step('a'), 'complete')
  await eventually(
    () => card('a'),
    (it) => it.board_status === 'done',
  )
  await sql`update event_deliveries set parked_at = null, attempts = 0 where order_key = ${queue}`
  await hurry(queue)
  await eventually(
    () => deliveries(queue),
    (rows) => rows.length === 0,
  )
  expect((await card('a')).board_status).toBe('done')
})

test('a queue that is counted as a whole keeps its tries while events go on coming', async () => {
  const sprint = await api.sprint(project.id)
  const queue = `task_to_velocity:${sprint.id}`
  await sql.unsafe(`create function refuse_velocity() returns trigger language plpgsql as $$
    begin raise exception 'no velocity'; end $$`)
  await sql.unsafe(`create trigger no_velocity before update on sprints
    for each row execute function refuse_velocity()`)
  const add = async () => {
    const task = await api.task(project.id, { sprint_id: sprint.id, story_points: 1 })
    await api.patch(`/tasks/${task.id}`, { board_status: 'done' })
  }
  await add()
  for (let tries = 1; tries <= 4; tries++) {
    await eventually(
      () => deliveries(queue),
      (rows) => rows.some((it) => it.attempts >= tries),
    )
    await add()
    await hurry(queue)
  }
  const rows = await eventually(
    () => deliveries(queue),
    (it) => it.some((row) => row.attempts >= 5),
  )
  expect(Math.max(...rows.map((row) => row.attempts))).toBeGreaterThanOrEqual(5)
  await sql.unsafe('drop trigger no_velocity on sprints')
  await hurry(queue)
  await eventually(
    () => deliveries(queue),
    (it) => it.length === 0,
  )
  expect((await api.get(`/sprints/${sprint.id}`)).body.velocity_actual).toBe(5)
})

test('a handler that dies between its work and the mark has done nothing', async () => {
  const { step, card, run } = await api.linkedRun(project.id, oneStep)
  const queue = `step_to_task:${run.id}`
  await sql.unsafe(`create function die() returns trigger language plpgsql as $$
    begin perform pg_terminate_backend(pg_backend_pid()); return old; end $$`)
  await sql.unsafe(`create trigger die before delete on event_deliveries
    for each row when (old.order_key = '${queue}') execute function die()`)
  const tries = async () => Number((await sql`select last_value from tries`)[0]?.last_value)
  const before = await tries()
  await api.act(step('a'), 'start')
  await eventually(tries, (count) => count > before + 1)
  expect((await card('a')).board_status).toBe('todo')
  expect(await deliveries(queue)).toHaveLength(1)
  await sql.unsafe('drop trigger die on event_deliveries')
  await sql`notify events`
  await eventually(
    () => deliveries(queue),
    (rows) => rows.length === 0,
  )
  expect((await card('a')).board_status).toBe('in_progress')
  const told = await api.get(`/events?type=task.status_changed&entity_id=${(await card('a')).id}`)
  expect(told.body.items).toHaveLength(1)
})

test('a verb that fails tells nothing and leaves no work', async () => {
  const [before] =
    await sql`select (select count(*) from events) e, (select count(*) from event_deliveries) d`
  const { steps } = await api.run(project.id, [{ step_name: 'x' }, { step_name: 'y' }])
  const [created] =
    await sql`select (select count(*) from events) e, (select count(*) from event_deliveries) d`
  expect(Number(created?.e)).toBeGreaterThan(Number(before?.e))
  // Told first, refused at the commit.
  expect((await api.patch(`/steps/${steps[0].id}`, { step_name: 'y' })).status).toBe(409)
  await api.settled()
  const [after] = await sql`select (select count(*) from events) e`
  expect(after?.e).toBe(created?.e)
})

test('a new run starts its flow once, with a project switch, however often it is delivered', async () => {
  const calls: { url: string; body: Json }[] = []
  let answer = 503
  const windmill = createServer(async (request, response) => {
    let body = ''
    for await (const chunk of request) body += chunk
    if (request.method === 'POST') calls.push({ url: request.url ?? '', body: JSON.parse(body) })
    response
      .writeHead(answer, { 'Content-Type': 'text/plain' })
      .end(answer === 503 ? 'no worker is up' : '00000000-0000-8000-8000-000000000000')
  })
  await new Promise<void>((resolve) => windmill.listen(0, '127.0.0.1', resolve))
  const { port } = windmill.address() as AddressInfo
  const other = await createTestDatabase()
  const integrated = await startApi({
    databaseUrl: other.url,
    host: '127.0.0.1',
    port: 0,
    adminToken: api.adminToken,
    windmill: () => ({ baseUrl: `http://127.0.0.1:${port}`, token: 't', workspace: 'devgodzilla' }),
    sprintIntegration: true,
    consoleDir: null,
    log: pino({ level: 'silent' }),
  })
  try {
    const client = checkedClient(integrated.url, api.adminToken, other)
    const on = await client.project()
    const off = await client.project({ settings: { sprint_integration: false } })
    const manual = await client.project({ settings: { auto_create_sprint: false } })
    const run = await client.run(on.id, oneStep)
    for (const { id } of [off, manual]) await client.run(id, oneStep)
    await client.run(on.id, oneStep, { kind: 'phase' })
    await eventually(
      async () => calls.length,
      (n) => n > 0,
    )
    const [head] = await eventually(
      () => other.sql`select * from event_deliveries where attempts > 0`,
      (rows) => rows.length > 0,
    )
    expect(head?.error).toContain('starting the flow f/devgodzilla/sprint_from_protocol')
    expect(head?.error).toContain('no worker is up')
    answer = 201
    await other.sql`update event_deliveries set next_try_at = now()`
    await other.sql`notify events`
    await client.settled()
    expect(calls.every((it) => it.url.includes('/run/f/f/devgodzilla/sprint_from_protocol'))).toBe(
      true,
    )
    expect(new Set(calls.map((it) => it.url)).size).toBe(1)
    expect(calls[0]?.url).toMatch(/job_id=[0-9a-f]{8}-[0-9a-f]{4}-8/)
    expect(calls[0]?.body).toEqual({ protocol_id: run.id })
  } finally {
    await integrated.close()
    await other.drop()
    windmill.close()
  }
})

afterAll(async () => {
  await sql`drop trigger if exists poison on tasks`
})

test('nothing is left inconsistent', async () => {
  await api.settled()
  await expectConsistent(api.database)
})
