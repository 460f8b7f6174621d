import { afterEach, expect, test } from 'vitest'
import { clientOf, eventually, type Json } from '../../../support/api.ts'
import { checkedApi } from '../../support/checked-api.ts'
import { openSocket, openStream } from '../../support/streams.ts'

const api = await checkedApi()
const { sql } = api.database
const project = await api.project()
const headers = { Authorization: `Bearer ${api.adminToken}` }
const open: { close(): void }[] = []
afterEach(() => {
  for (const it of open.splice(0)) it.close()
})

const listen = async (query: string, more: Record<string, string> = {}) => {
  if (!query.includes('after=') && !more['Last-Event-ID']) await api.caughtUp()
  const stream = await openStream(`${api.url}/events/stream?${query}`, { ...headers, ...more })
  open.push(stream)
  return stream
}
const connect = async (given: Record<string, string> = headers) => {
  const socket = await openSocket(`${api.url}/ws`, given)
  open.push({ close: () => socket.raw.terminate() })
  return socket
}
const subscribe = async (
  socket: Awaited<ReturnType<typeof connect>>,
  rooms: string[],
  after?: string,
) => {
  if (!after) await api.caughtUp()
  const known = socket.messages.filter((it) => it.type === 'subscribed').length
  socket.send({ type: 'subscribe', rooms, after })
  await socket.until((all) => all.filter((it) => it.type === 'subscribed').length > known)
}
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))
const ids = (events: Json[]) => events.map((it) => it.id)
const change = (sprint: Json) => api.patch(`/sprints/${sprint.id}`, { goal: String(Math.random()) })
const eventsOf = async (sprint: Json) =>
  (await api.get(`/events?sprint_id=${sprint.id}&limit=1000`)).body.items

test('new events arrive at once, each once, and in order', async () => {
  const sprint = await api.sprint(project.id)
  const stream = await listen(`sprint_id=${sprint.id}`)
  await pause(50)
  for (let n = 0; n < 20; n++) await change(sprint)
  await stream.until(20)
  const told = (await eventsOf(sprint)).slice(1)
  expect(stream.events.map((it) => it.event)).toEqual(told)
  expect(stream.events.map((it) => it.id)).toEqual(told.map((it: Json) => it.cursor))
})

test('a client that was away comes back with Last-Event-ID and misses nothing', async () => {
  const sprint = await api.sprint(project.id)
  for (let n = 0; n < 5; n++) await change(sprint)
  const all = await eventsOf(sprint)
  const writing = (async () => {
    for (let n = 0; n < 10; n++) await change(sprint)
  })()
  const stream = await listen(`sprint_id=${sprint.id}`, { 'Last-Event-ID': all[1].cursor })
  await writing
  await stream.until(14)
  expect(ids(stream.events.map((it) => it.event))).toEqual(ids((await eventsOf(sprint)).slice(2)))
  const asked = await listen(`sprint_id=${sprint.id}&after=${all[1].cursor}`)
  await asked.until(14)
  expect(asked.events).toEqual(stream.events)
})

test('a long replay and what happens meanwhile make one stream, each event once', async () => {
  const sprint = await api.sprint(project.id)
  const [first] = await eventsOf(sprint)
  await sql`insert into events (type, entity_type, entity_id, sprint_id, correlation_id, actor, payload)
    select 'sprint.updated', 'sprint', ${sprint.id}, ${sprint.id}, 'c', 'a', '{"changes":{}}'
    from generate_series(1, 1800)`
  const streams = []
  const writing = (async () => {
    for (let n = 0; n < 60; n++) await change(sprint)
  })()
  for (let n = 0; n < 4; n++)
    streams.push(await listen(`sprint_id=${sprint.id}&after=${first.cursor}`))
  await writing
  for (const stream of streams) {
    await stream.until(1860)
    const seen = ids(stream.events.map((it) => it.event))
    expect(seen).toHaveLength(1860)
    expect(new Set(seen).size).toBe(1860)
  }
})

test('a new client is not told of what happened while nobody listened', async () => {
  const sprint = await api.sprint(project.id)
  const first = await listen(`sprint_id=${sprint.id}`)
  await pause(50)
  await change(sprint)
  await first.until(1)
  first.close()
  await pause(50)
  for (let n = 0; n < 3; n++) await change(sprint)
  const second = await listen(`sprint_id=${sprint.id}`)
  await pause(200)
  expect(second.events).toEqual([])
  await change(sprint)
  await second.until(1)
  expect(second.events).toHaveLength(1)
})

test('an event of a transaction that commits late is not skipped', async () => {
  const sprint = await api.sprint(project.id)
  const stream = await listen(`sprint_id=${sprint.id}`)
  await pause(50)
  let commit = () => {}
  let told = () => {}
  const inserted = new Promise<void>((resolve) => {
    told = resolve
  })
  const held = new Promise<void>((resolve) => {
    commit = resolve
  })
  const late = sql.begin(async (tx) => {
    await tx`insert into events (type, entity_type, entity_id, sprint_id, correlation_id, actor, payload)
      values ('sprint.updated', 'sprint', ${sprint.id}, ${sprint.id}, 'late', 'late', '{"changes":{}}')`
    told()
    await held
  })
  await inserted
  await change(sprint)
  await pause(100)
  // The later one waits, so that the cursor never passes the one still open.
  expect(stream.events).toEqual([])
  const now = await clientOf(api.url, api.adminToken, api.database).get(
    `/events?sprint_id=${sprint.id}`,
  )
  expect(now.body.items).toHaveLength(1)
  commit()
  await late
  await stream.until(2)
  expect(stream.events.map((it) => it.event.actor)).toEqual(['late', 'admin'])
})

test('filters: a project, a run, a type; the others are not told', async () => {
  const other = await api.project()
  const { run, step } = await api.linkedRun(project.id, [{ step_name: 'a' }])
  await api.settled()
  const [byProject, byRun, byType] = [
    await listen(`project_id=${other.id}`),
    await listen(`protocol_run_id=${run.id}`),
    await listen(`project_id=${project.id}&type=step.started`),
  ]
  await pause(50)
  await api.act(step('a'), 'start')
  await api.settled()
  await byType.until(1)
  await byRun.until(3)
  expect(byType.events.map((it) => it.event.type)).toEqual(['step.started'])
  expect(byRun.events.map((it) => it.event.type)).toEqual([
    'step.started',
    'protocol.status_changed',
    'task.status_changed',
  ])
  expect(byProject.events).toEqual([])
})

test('sprints and projects go by code and slug; where there is none, the nearest is named', async () => {
  const sprint = await api.sprint(project.id, { code: 'LIVE-S1' })
  const socket = await connect()
  await subscribe(socket, ['sprint:LIVE-S1', `project:${project.slug}`, `sprint:${sprint.id}`])
  const query = `sprint_id=LIVE-S1&project_id=${project.slug}`
  const streams = [await listen(query), await listen('sprint_id=LIVE-S1')]
  await change(sprint)
  for (const stream of streams) await stream.until(1)
  await socket.until((all) => all.length >= 2)
  expect(socket.messages).toMatchObject([
    { rooms: ['sprint:LIVE-S1', `project:${project.slug}`, `sprint:${sprint.id}`] },
    { event: { type: 'sprint.updated', sprint_id: sprint.id } },
  ])
  const detail = 'There is no sprint LIVE-S2. Did you mean LIVE-S1?'
  expect(await api.get('/events/stream?sprint_id=LIVE-S2')).toMatchObject({
    ...{ status: 404, body: { rule: 'exists', detail, errors: [{ field: 'sprint_id' }] } },
  })
  socket.send({ type: 'subscribe', rooms: ['sprint:LIVE-S1', 'sprint:LIVE-S2'] })
  await socket.until((all) => all.some((it) => it.type === 'error'))
  expect(socket.messages.at(-1)).toEqual({ type: 'error', rule: 'exists', detail })
})

test('a stream that cannot be is refused before it begins', async () => {
  for (const query of [
    'after=nonsense',
    'project_id=0',
    'projectid=1',
    'sprint_id=9223372036854775808',
  ]) {
    expect((await api.get(`/events/stream?${query}`)).status).toBe(422)
  }
  const answer = await api.get('/events/stream', { headers: { 'Last-Event-ID': '1' } })
  expect(answer).toMatchObject({ status: 422, body: { rule: 'cursor' } })
})

test('a WebSocket client gets an event once, however many of its rooms it is in', async () => {
  const { run, sprint, step } = await api.linkedRun(project.id, [{ step_name: 'a' }])
  await api.settled()
  const socket = await connect()
  await subscribe(socket, [`sprint:${sprint.id}`, `project:${project.id}`, `run:${run.id}`])
  await api.act(step('a'), 'complete')
  await api.settled()
  const told = (await eventsOf(sprint)).slice(-4)
  await socket.until(() => socket.events().length >= 4)
  await pause(100)
  expect(ids(socket.events())).toEqual(ids(told))
})

test('rooms are replayed from a cursor; a later subscription goes on where the one before was', async () => {
  const [one, two] = [await api.sprint(project.id), await api.sprint(project.id)]
  for (const sprint of [one, two, one]) await change(sprint)
  const all = await eventsOf(one)
  const socket = await connect()
  await subscribe(socket, [`sprint:${one.id}`], all[0].cursor)
  expect(ids(socket.events())).toEqual(ids(all.slice(1)))
  await subscribe(socket, [`sprint:${one.id}`, `sprint:${two.id}`])
  await change(two)
  await change(one)
  await socket.until(() => socket.events().length >= 4)
  await pause(50)
  expect(ids(socket.events()).slice(2)).toEqual([
    (await eventsOf(two)).at(-1).id,
    (await eventsOf(one)).at(-1).id,
  ])
  await subscribe(socket, [`sprint:${two.id}`])
  await change(one)
  await change(two)
  await socket.until(() => socket.events().length >= 5)
  await pause(50)
  expect(socket.events()).toHaveLength(5)
})

test('a client that changes its rooms all the time still gets each event once', async () => {
  const [one, two] = [await api.sprint(project.id), await api.sprint(project.id)]
  await api.caughtUp()
  const socket = await connect()
  await subscribe(socket, [`sprint:${one.id}`])
  for (let n = 0; n < 20; n++) {
    await change(one)
    socket.send({ type: 'subscribe', rooms: [`sprint:${one.id}`, `sprint:${two.id}`] })
    socket.send({ type: 'subscribe', rooms: [`sprint:${one.id}`] })
  }
  await socket.until(() => socket.events().length >= 20)
  await pause(50)
  expect(ids(socket.events())).toEqual(ids((await eventsOf(one)).slice(1)))
})

test('a client that floods its socket is cut off, and what it sent is dropped', async () => {
  const socket = await connect()
  const all = { type: 'subscribe', rooms: [`project:${project.id}`], after: '0-0' }
  for (let n = 0; n < 2000; n++) socket.send(all)
  await eventually(
    async () => socket.closed,
    (code) => code !== null,
  )
  expect(socket.closed).toBe(1008)
  expect(socket.messages.filter((it) => it.type === 'subscribed').length).toBeLessThan(200)
})

test('messages that make no sense are answered, and the socket stays', async () => {
  const socket = await connect()
  const nonsense = [
    '',
    'null',
    '{',
    '[]',
    '{"type":"shout"}',
    '\u0000',
    '{"type":"subscribe","rooms":[]}',
    '{"type":"subscribe","rooms":["sprint:0"]}',
    '{"type":"subscribe","rooms":["run:LIVE-S1"]}',
    '{"type":"subscribe","rooms":["sprint:../x"]}',
    '{"type":"subscribe","rooms":["sprint:1"],"after":"x"}',
  ]
  for (const message of nonsense) socket.send(message)
  await socket.until((all) => all.length >= nonsense.length)
  expect(socket.messages.map((it) => it.type)).toEqual(nonsense.map(() => 'error'))
  await subscribe(socket, [`project:${project.id}`])
  expect(socket.closed).toBeNull()
})

test('who has no token gets neither stream nor socket', async () => {
  expect((await openStream(`${api.url}/events/stream`, {})).status).toBe(401)
  await expect(connect({})).rejects.toThrow('401')
  await expect(connect({ Authorization: 'Bearer wrong' })).rejects.toThrow('401')
  const plain = await api.get('/ws')
  expect(plain).toMatchObject({ status: 426, body: { rule: 'websocket' } })
})

test('a revoked token ends its streams within a second', async () => {
  const token = (await api.post('/tokens', { name: 'short', role: 'viewer' })).body
  const own = { Authorization: `Bearer ${token.secret}` }
  const stream = await openStream(`${api.url}/events/stream?project_id=${project.id}`, own)
  const socket = await connect(own)
  await pause(50)
  await api.delete(`/tokens/${token.id}`)
  const revoked = performance.now()
  await eventually(async () => stream.ended && socket.closed !== null, Boolean)
  expect(performance.now() - revoked).toBeLessThan(1000)
  expect(stream.ended).toBe(true)
  expect(socket.closed).toBe(4401)
  expect((await api.get('/projects', { token: token.secret })).status).toBe(401)
})

test('a client that reads nothing is cut off, and the others are served', async () => {
  const sprint = await api.sprint(project.id)
  const slow = await connect()
  await subscribe(slow, [`sprint:${sprint.id}`])
  slow.raw.pause()
  const quick = await listen(`sprint_id=${sprint.id}`)
  await pause(50)
  const batch = 100
  const big = 'x'.repeat(100_000)
  const total = 300
  for (let n = 0; n < total; n += batch) {
    await sql`insert into events (type, entity_type, entity_id, sprint_id, correlation_id, actor, payload)
      select 'sprint.updated', 'sprint', ${sprint.id}, ${sprint.id}, 'big', 'big', ${sql.json({ changes: { goal: { from: null, to: big } } })}
      from generate_series(1, ${batch})`
  }
  await quick.until(total)
  expect(quick.events).toHaveLength(total)
  slow.raw.resume()
  await eventually(
    async () => slow.closed,
    (code) => code !== null,
  )
  expect(slow.closed).toBe(1013)
  expect(slow.events().length).toBeLessThan(total)
})
