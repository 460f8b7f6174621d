import { afterEach, expect, test } from 'vitest'
import type { ApiConfig } from '../../../../api/main.ts'
import { connect } from '../../../../api/store/database.ts'
import { pruneMessages } from '../../../../api/store/webhook-messages.ts'
import { eventually, type Json } from '../../../support/api.ts'
import { checkedApi, checkedClient } from '../../support/checked-api.ts'
import { answering, isSigned, type Receiver, startReceiver } from '../../support/receiver.ts'
import { secondProcess } from '../../support/second-process.ts'

// The second try follows at once; the third, and the last one, when a test says so.
const never = 100_000
let lookups = 0
const outgoing: ApiConfig['outgoing'] = {
  allowPrivate: 'all',
  waits: [0, never, never],
  lookup(_host, _options, done) {
    lookups++
    done(null, [{ address: '127.0.0.1', family: 4 }])
  },
}
const api = await checkedApi({ outgoing })
const { sql } = api.database
const project = await api.project()
const receivers: Receiver[] = []
const receiver = async () => {
  const one = await startReceiver()
  receivers.push(one)
  return one
}
afterEach(async () => {
  await sql`delete from webhook_subscriptions`
  await Promise.all(receivers.splice(0).map((one) => one.close()))
})

const subscribe = async (to: { url: string }, fields: object = {}): Promise<Json> => {
  const wanted = { project_id: project.id, url: to.url, event_types: ['task.created'], ...fields }
  const { status, body } = await api.post('/webhook-subscriptions', wanted)
  expect(status, JSON.stringify(body)).toBe(201)
  return body
}
const messages = async (query = ''): Promise<Json[]> =>
  (await api.get(`/webhook-messages?limit=1000&${query}`)).body.items
const settled = (wanted: (all: Json[]) => boolean) => eventually(messages, wanted)
/** Waits until the oldest message has failed so often and waits for long. */
const failed = (times: number) =>
  settled(([one]) => one?.attempts === times && Date.parse(one.next_try_at) > Date.now() + 60_000)
const states = (all: Json[]) => all.map((it) => it.state)
/** Lets what waits be tried now instead of after its wait. */
const hurry = async () => {
  await sql`update webhook_messages set next_try_at = now() where state = 'waiting'`
  await sql`notify webhook_messages`
}
/** Tasks made one after the other, by title. */
const tasks = async (...titles: string[]) => {
  for (const title of titles) await api.task(project.id, { title })
}
const titles = (to: Receiver) => to.received.map((it) => it.body.data.event.payload.title)
const ids = (to: Receiver) => to.received.map((it) => it.id)

test('an event is sent to whoever subscribed to it, signed', async () => {
  const to = await receiver()
  const { secret } = await subscribe(to)
  const task = await api.task(project.id, { title: 'Wörk' })
  const [one] = await to.count(1)
  if (!one) throw new Error('nothing came')
  expect(one.id).toMatch(/^msg_\d+$/)
  expect(isSigned(one, secret)).toBe(true)
  expect(Math.abs(one.timestamp - Date.now() / 1000)).toBeLessThan(60)
  const [event] = (await api.get(`/events?entity_type=task&entity_id=${task.id}&type=task.created`))
    .body.items
  expect(one.body).toEqual({ type: 'task.created', timestamp: event.emitted_at, data: { event } })
  await settled((all) => all[0]?.state === 'sent')
  expect(await messages()).toMatchObject([
    { state: 'sent', attempts: 1, status: 200, error: null, event_type: 'task.created' },
  ])
})

test('messages of a subscription come in the order of their events, one at a time', async () => {
  const to = await receiver()
  let open = 0
  let most = 0
  to.answer = (_, response) => {
    most = Math.max(most, ++open)
    setTimeout(() => {
      open--
      response.end()
    }, 5)
  }
  await subscribe(to)
  const wanted = Array.from({ length: 15 }, (_, n) => `task ${n}`)
  await tasks(...wanted)
  await to.count(15)
  expect(titles(to)).toEqual(wanted)
  expect(most).toBe(1)
})

test('what is refused is tried again under the same id, and those behind it go on', async () => {
  const to = await receiver()
  const { secret } = await subscribe(to)
  const answers = [answering(500, {}, 'a <b>bad</b>\u0000 day'), answering(404), answering(204)]
  to.answer = (one, response) =>
    one.body.data.event.payload.title === 'first'
      ? answers.shift()?.(one, response)
      : response.end()
  await tasks('first', 'second')
  // The wait after the first failure is nothing, after the second it is long.
  await failed(2)
  const [first, second] = await settled((all) => all[1]?.state === 'sent')
  expect(first).toMatchObject({ state: 'waiting', attempts: 2, error: 'answered 404' })
  expect(second).toMatchObject({ state: 'sent', attempts: 1 })
  const wait = Date.parse(first.next_try_at) - Date.now()
  expect(wait).toBeGreaterThan(never * 0.8 * 1000 - 60_000)
  expect(wait).toBeLessThan(never * 1.2 * 1000 + 60_000)
  await hurry()
  const [sent] = await settled((all) => all[0]?.state === 'sent')
  expect(sent).toMatchObject({ attempts: 3, status: 204, error: null })
  const tries = to.received.filter((it) => it.body.data.event.payload.title === 'first')
  expect(tries).toHaveLength(3)
  expect(new Set(tries.map((it) => it.id)).size).toBe(1)
  expect(new Set(tries.map((it) => it.text)).size).toBe(1)
  expect(tries.every((it) => isSigned(it, secret))).toBe(true)
})

test('after the last try a message is parked and told, and may be replayed', async () => {
  const to = await receiver()
  const { id } = await subscribe(to)
  to.answer = answering(500, {}, 'broken')
  await tasks('parked')
  await failed(2)
  await hurry()
  await failed(3)
  await hurry()
  const [parked] = await settled((all) => all[0]?.state === 'parked')
  expect(parked).toMatchObject({ attempts: 4, status: 500, error: 'answered 500: broken' })
  expect(await messages(`subscription_id=${id}&state=parked`)).toHaveLength(1)
  expect((await api.get('/metrics')).body).toContain(
    'devgodzilla_webhook_messages{state="parked"} 1',
  )
  const told = (await api.get('/events?type=webhook.parked')).body.items.at(-1)
  expect(told).toMatchObject({
    entity_type: 'webhook_subscription',
    entity_id: id,
    project_id: project.id,
    causation_id: parked.event_id,
    // What a receiver says may repeat its secret address: administrators alone see it.
    payload: { messages: 1, first_message_id: parked.id, error: 'answered 500' },
  })
  await hurry()
  to.answer = answering(200)
  const before = to.received.length
  const replayed = await api.post(`/webhook-messages/${parked.id}/actions/replay`)
  expect(replayed).toMatchObject({ status: 200, body: { id: parked.id, state: 'waiting' } })
  await settled((all) => all[0]?.state === 'sent')
  expect(to.received).toHaveLength(before + 1)
  expect(new Set(ids(to)).size).toBe(1)
})

test('all parked messages of a subscription are replayed at once, in order', async () => {
  const to = await receiver()
  const other = await receiver()
  const { id } = await subscribe(to)
  await subscribe(other)
  await tasks('a', 'b', 'c')
  await settled((all) => all.every((it) => it.state === 'sent') && all.length === 6)
  await sql`update webhook_messages set state = 'parked', finished_at = now()`
  const answer = await api.post(`/webhook-subscriptions/${id}/actions/replay-parked`)
  expect(answer).toMatchObject({ status: 200, body: { replayed: 3 } })
  await to.count(6)
  expect(titles(to)).toEqual(['a', 'b', 'c', 'a', 'b', 'c'])
  expect(other.received).toHaveLength(3)
  const events = (await api.get(`/events?type=webhook.replayed&entity_id=${id}`)).body.items
  expect(events).toMatchObject([{ payload: { messages: 3 } }])
})

test('a receiver that is not there costs one try for all that wait, and gets them in order', async () => {
  const gone = await startReceiver()
  await gone.close()
  const { port } = new URL(gone.url)
  await subscribe({ url: `http://gone.test:${port}/` })
  lookups = 0
  // What is written in one transaction is due together.
  await sql.begin(async (tx) => {
    const [subscription] = await tx`select id from webhook_subscriptions`
    const events = await tx`select id from events order by id limit 5`
    for (const event of events) {
      await tx`insert into webhook_messages (subscription_id, event_id)
        values (${subscription?.id}, ${event.id})`
    }
  })
  const all = await failed(2)
  expect(all).toHaveLength(5)
  for (const one of all) {
    expect(one).toMatchObject({ state: 'waiting', attempts: 2, status: null })
    expect(one.error).toContain('ECONNREFUSED')
  }
  expect(lookups).toBe(2)
  const back = await startReceiver(Number(port))
  receivers.push(back)
  await hurry()
  await back.count(5)
  expect(ids(back)).toEqual(all.map((it) => `msg_${it.id}`))
})

test('410 turns a subscription off, parks what waits for it, and says so', async () => {
  const to = await receiver()
  const { id } = await subscribe(to)
  to.answer = answering(410)
  await tasks('gone')
  const path = `/webhook-subscriptions/${id}`
  await eventually(
    () => api.get(path),
    ({ body }) => !body.active,
  )
  await tasks('unheard')
  expect(await messages()).toMatchObject([{ state: 'parked', error: 'answered 410' }])
  const [told] = (await api.get(`/events?type=webhook.changed&entity_id=${id}`)).body.items
  expect(told).toMatchObject({
    actor: 'system',
    payload: { fields: ['active'], reason: 'answered 410' },
  })
  expect(await api.post(`${path}/actions/replay-parked`)).toMatchObject({
    status: 409,
    body: { rule: 'webhook_subscription_is_active' },
  })
  to.answer = answering(200)
  await api.patch(path, { active: true })
  await api.post(`${path}/actions/replay-parked`)
  await settled((all) => all[0]?.state === 'sent')
  expect(titles(to)).toEqual(['gone', 'gone'])
})

test('a pause that a receiver asks for is given, to all that wait, and no longer than an hour', async () => {
  const to = await receiver()
  await subscribe(to)
  const waitOf = (one: Json) => (Date.parse(one.next_try_at) - Date.now()) / 1000
  let pause = () => {}
  to.answer = (one, response) => {
    pause = () => answering(503, { 'Retry-After': '1200' })(one, response)
  }
  await tasks('first')
  await to.count(1)
  await tasks('second')
  pause()
  const paused = await failed(1)
  expect(paused.map((it) => it.attempts)).toEqual([1, 0])
  for (const one of paused) {
    expect(waitOf(one)).toBeGreaterThan(1100)
    expect(waitOf(one)).toBeLessThan(1201)
  }
  to.answer = answering(429, { 'Retry-After': new Date(Date.now() + 1e9).toUTCString() })
  await sql`update webhook_messages set attempts = 0`
  await hurry()
  await settled((all) => all[0]?.status === 429)
  const [first] = await failed(1)
  expect(waitOf(first)).toBeGreaterThan(3500)
  expect(waitOf(first)).toBeLessThan(3601)
})

test('a redirect is a refusal: nothing is sent where it leads', async () => {
  const to = await receiver()
  const elsewhere = await receiver()
  await subscribe(to)
  to.answer = answering(307, { Location: elsewhere.url })
  await tasks('moved')
  const [one] = await failed(2)
  expect(one).toMatchObject({ state: 'waiting', error: 'answered 307' })
  expect(elsewhere.received).toEqual([])
})

test('a receiver that would speak another protocol has not answered', async () => {
  const to = await receiver()
  await subscribe(to)
  to.answer = (_, { socket }) =>
    socket?.write('HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n')
  await tasks('switched')
  const [one] = await failed(2)
  expect(one.error).toBe('the connection ended without an answer')
})

test('of an answer without end a little is read', async () => {
  const to = await receiver()
  await subscribe(to)
  let written = 0
  to.answer = (_, response) => {
    const more = () => {
      while (!response.destroyed && response.write('x'.repeat(64_000))) written += 64_000
    }
    response
      .writeHead(500)
      .on('drain', more)
      .on('error', () => {})
    more()
  }
  await tasks('endless')
  const [one] = await failed(2)
  expect(one.error).toBe(`answered 500: ${'x'.repeat(300)}`)
  expect(written).toBeLessThan(50_000_000)
})

test('two processes send nothing twice, and keep the order', async () => {
  const to = await receiver()
  const both = [await receiver(), await receiver()]
  await Promise.all([to, ...both].map((one) => subscribe(one)))
  const other = await secondProcess(api, outgoing)
  const client = checkedClient(other.url, api.adminToken, api.database)
  const titlesOf = Array.from({ length: 30 }, (_, n) => `task ${n}`)
  for (const [n, title] of titlesOf.entries()) {
    await (n % 2 ? client : api).task(project.id, { title })
  }
  await settled((all) => all.length === 90 && all.every((it) => it.state === 'sent'))
  for (const one of [to, ...both]) expect(titles(one)).toEqual(titlesOf)
  expect((await messages()).every((it) => it.attempts === 1)).toBe(true)
  await other.close()
})

test('a process that dies with a message in hand loses it to another one', async () => {
  const to = await receiver()
  const { id } = await subscribe(to)
  // As a process leaves it that was killed after it took the message.
  await sql`
    insert into webhook_messages (subscription_id, event_id, attempts, leased_until)
    select ${id}, max(id), 1, now() + interval '1 hour' from events`
  await tasks('behind')
  await hurry()
  expect(states(await messages())).toEqual(['waiting', 'waiting'])
  expect(to.received).toEqual([])
  await sql`update webhook_messages set leased_until = now() where leased_until is not null`
  await sql`notify webhook_messages`
  const all = await settled((rows) => rows.every((it) => it.state === 'sent'))
  expect(ids(to)).toEqual(all.map((it) => `msg_${it.id}`))
  expect(all[0]?.attempts).toBe(2)
})

test('a try that has lost its message notes nothing', async () => {
  const to = await receiver()
  await subscribe(to)
  const held: (() => void)[] = []
  to.answer = (_, response) => held.push(() => response.writeHead(500).end())
  await tasks('slow')
  await to.count(1)
  // Another process takes it up, and has it in hand while the first one hears an answer.
  await sql`update webhook_messages set leased_until = now() + interval '1 hour', attempts = 2`
  const [before] = await sql`select * from webhook_messages`
  held[0]?.()
  await tasks('behind')
  await api.get('/health')
  await sql`notify webhook_messages`
  await new Promise((resolve) => setTimeout(resolve, 200))
  expect((await sql`select * from webhook_messages order by id`)[0]).toEqual(before)
})

test('410 of an address that was left meanwhile turns nothing off', async () => {
  const [to, next] = [await receiver(), await receiver()]
  const { id } = await subscribe(to)
  const held: (() => void)[] = []
  to.answer = (_, response) => held.push(() => response.writeHead(410).end())
  await tasks('first')
  await to.count(1)
  await api.patch(`/webhook-subscriptions/${id}`, { url: next.url })
  held[0]?.()
  await settled((all) => all[0]?.state === 'sent')
  expect(titles(next)).toEqual(['first'])
  expect((await api.get(`/webhook-subscriptions/${id}`)).body.active).toBe(true)
})

test('messages are forgotten some days after they were sent or parked, those that wait are not', async () => {
  const to = await receiver()
  await subscribe(to)
  await tasks('a', 'b', 'c', 'd', 'e')
  const [a, b, c, d, e] = (
    await settled((all) => all.length === 5 && all.every((it) => it.state === 'sent'))
  ).map((it) => it.id)
  const set = (id: number, state: string, days: number) => sql`
    update webhook_messages set state = ${state}, created_at = now() - make_interval(days => ${days}),
      next_try_at = now() + interval '1 day',
      finished_at = case when ${state} = 'waiting' then null
        else now() - make_interval(days => ${days}) end
    where id = ${id}`
  await set(a, 'sent', 8)
  await set(b, 'sent', 6)
  await set(c, 'parked', 31)
  await set(d, 'parked', 29)
  await set(e, 'waiting', 400)
  const db = connect(api.database.url, { max: 1 })
  expect(await pruneMessages(db, 100)).toBe(2)
  await db.end()
  expect((await messages()).map((it) => it.id)).toEqual([b, d, e])
})

test('a subscription to a project sees nothing of another, one to all sees everything it asked for', async () => {
  const [mine, everything, sprints] = [await receiver(), await receiver(), await receiver()]
  await subscribe(mine, { event_types: ['*'] })
  await subscribe(everything, { project_id: null, event_types: ['task.*', 'token.created'] })
  await subscribe(sprints, { event_types: ['sprint.created'] })
  const other = await api.project()
  const made = await api.task(other.id, { title: 'theirs' })
  await api.patch(`/tasks/${made.id}`, { story_points: 5 })
  await tasks('ours')
  await api.post('/tokens', { name: 'told', role: 'viewer' })
  await api.sprint(project.id)
  await everything.count(4)
  await sprints.count(1)
  await settled((all) => all.every((it) => it.state === 'sent'))
  const types = (to: Receiver) => to.received.map((it) => it.body.type)
  expect(types(everything)).toEqual(
    expect.arrayContaining(['task.created', 'task.estimated', 'token.created']),
  )
  expect(types(everything).every((type) => /^task\.|^token\.created$/.test(type))).toBe(true)
  expect(types(sprints)).toEqual(['sprint.created'])
  expect(types(mine)).toContain('task.created')
  const projects = mine.received.map((it) => it.body.data.event.project_id)
  expect(new Set(projects)).toEqual(new Set([project.id]))
})

test('while a secret is changed, messages carry the signature of the old one too, for a day', async () => {
  const to = await receiver()
  const { id, secret } = await subscribe(to)
  const path = `/webhook-subscriptions/${id}/actions/rotate-secret`
  const fresh = (await api.post(path)).body.secret
  expect(fresh).not.toBe(secret)
  await tasks('both')
  const [both] = await to.count(1)
  if (!both) throw new Error('nothing came')
  expect(both.signatures).toHaveLength(2)
  expect([isSigned(both, fresh), isSigned(both, secret)]).toEqual([true, true])
  await sql`update webhook_subscriptions set previous_secret_until = now()`
  await tasks('new')
  const one = (await to.count(2))[1]
  if (!one) throw new Error('nothing came')
  expect([isSigned(one, fresh), isSigned(one, secret)]).toEqual([true, false])
})

test('a test message goes to its subscription alone, whatever that asked for', async () => {
  const [to, other] = [await receiver(), await receiver()]
  const { id } = await subscribe(to)
  await subscribe(other)
  const answer = await api.post(`/webhook-subscriptions/${id}/actions/test`)
  expect(answer).toMatchObject({
    status: 200,
    body: { subscription_id: id, event_type: 'webhook.tested', state: 'waiting' },
  })
  const [one] = await to.count(1)
  expect(one?.body.type).toBe('webhook.tested')
  expect(other.received).toEqual([])
})

test('a Slack channel gets lines, and of a batch one line', async () => {
  const to = await receiver()
  await subscribe(to, { format: 'slack', event_types: ['task.*', 'spec.tasks_imported'] })
  const sprint = await api.sprint(project.id)
  await api.post(`/sprints/${sprint.id}/actions/import-tasks`, {
    spec_path: 'specs/one',
    content: '# Tasks\n\n- [ ] T001 One\n- [ ] T002 Two\n',
  })
  await api.task(project.id, { title: 'By <hand> & foot' })
  await to.count(2)
  await settled((all) => all.every((it) => it.state === 'sent'))
  expect(to.received.map((it) => it.body.text)).toEqual([
    expect.stringMatching(/^Tasks were imported.*: 2 new/),
    expect.stringContaining('By &lt;hand&gt; &amp; foot'),
  ])
})
