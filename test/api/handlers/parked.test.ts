import { expect, test } from 'vitest'
import { eventually, type Json } from '../../support/api.ts'
import { checkedApi } from '../support/checked-api.ts'

const api = await checkedApi()
const { sql } = api.database
const project = await api.project()

/** Cards with this title refuse to move: work that a handler cannot do. */
const poison = 'poison'
await sql.unsafe(`create function refuse_poison() returns trigger language plpgsql as $$
    begin
      if new.title = '${poison}' then raise exception 'poisoned'; end if;
      return new;
    end $$`)
await sql.unsafe(`create trigger poison before update of board_status on tasks
    for each row execute function refuse_poison()`)

/** A run whose step cannot move its card, with its delivery parked after the last try. */
async function parkedRun() {
  const made = await api.linkedRun(project.id, [{ step_name: 'a' }])
  const cardId = (await made.card('a')).id
  await sql`update tasks set title = ${poison} where id = ${cardId}`
  const queue = `step_to_task:${made.run.id}`
  await api.act(made.step('a'), 'start')
  const rows = () => sql<Json[]>`select * from event_deliveries where order_key = ${queue}`
  await eventually(rows, ([row]) => row?.attempts > 0)
  await sql`
    update event_deliveries set attempts = 7, next_try_at = now() where order_key = ${queue}`
  await sql`notify events`
  const [parked] = await eventually(rows, ([row]) => row?.parked_at !== null)
  const cure = () => sql`update tasks set title = 'cured' where id = ${cardId}`
  return { ...made, eventId: Number(parked?.event_id), cure, rows }
}
const told = async (query: string): Promise<Json[]> =>
  (await api.get(`/events?${query}`)).body.items
const parkedList = async (more = '') =>
  (await api.get(`/deliveries?state=parked${more}`)).body.items as Json[]
const alerts = (rule: string) =>
  told('type=alert.*').then((events) => events.filter((it) => it.payload.rule === rule))

const first = await parkedRun()

test('parked work is told, listed with its error, and raises one alert', async () => {
  const { eventId } = first
  const [event] = await told(`type=delivery.parked&entity_id=${eventId}`)
  expect(event).toMatchObject({
    level: 'error',
    entity_type: 'event',
    causation_id: eventId,
    project_id: project.id,
    payload: { event_type: 'step.started', handler: 'step_to_task', attempts: 8 },
  })
  expect(await parkedList()).toMatchObject([
    { event_id: eventId, handler: 'step_to_task', state: 'parked', error: 'poisoned' },
  ])
  expect(await parkedList('&handler=task_to_velocity')).toEqual([])
  expect(await alerts('delivery_parked')).toMatchObject([
    { type: 'alert.raised', level: 'error', payload: { subject: 'step_to_task', value: 1 } },
  ])
  // A second one within the minute is parked and told, but raises no second alert.
  const second = await parkedRun()
  expect(await parkedList()).toHaveLength(2)
  expect(await told(`type=delivery.parked&entity_id=${second.eventId}`)).toHaveLength(1)
  expect(await alerts('delivery_parked')).toHaveLength(1)
  const metrics = (await api.get('/metrics')).body
  expect(metrics).toContain('devgodzilla_alerts{rule="delivery_parked",count="open"} 1')
})

test('pages of deliveries hold each once', async () => {
  const all = (await api.get('/deliveries')).body.items as Json[]
  const paged: Json[] = []
  let cursor: string | null = ''
  while (cursor !== null) {
    const from: string = cursor ? `&cursor=${cursor}` : ''
    const { body } = await api.get(`/deliveries?limit=1${from}`)
    paged.push(...body.items)
    cursor = body.next_cursor
  }
  expect(paged.map((it) => [it.event_id, it.handler])).toEqual(
    all.map((it) => [it.event_id, it.handler]),
  )
  expect((await api.get('/deliveries?cursor=x')).body.errors[0].field).toBe('cursor')
  expect((await api.get('/deliveries?handler=nobody')).body.errors[0].field).toBe('handler')
})

test('replayed work is done, one or all; what is settled or unknown is a 404', async () => {
  const path = `/deliveries/${first.eventId}/step_to_task/actions/replay`
  await first.cure()
  expect((await api.post(path)).body).toMatchObject({ state: 'waiting', attempts: 0 })
  await eventually(first.rows, (rows) => rows.length === 0)
  expect((await first.card('a')).board_status).toBe('in_progress')
  expect(await told(`type=delivery.replayed&entity_id=${first.eventId}`)).toHaveLength(1)
  expect((await api.post(path)).status).toBe(404)

  const { eventId } = (await parkedList())[0] as Json
  expect(eventId).not.toBe(first.eventId)
  await sql`update tasks set title = 'cured' where title = ${poison}`
  expect((await api.post('/deliveries/actions/replay')).body).toEqual({ replayed: 1 })
  await api.settled()
  expect((await api.post('/deliveries/actions/replay')).body).toEqual({ replayed: 0 })
  const events = await eventually(
    () => alerts('delivery_parked'),
    (them) => them.length > 1,
  )
  expect(events.map((it) => it.type)).toEqual(['alert.raised', 'alert.cleared'])
})

test('a handler more than two seconds behind raises an alert, which ends when it has caught up', async () => {
  const made = await api.linkedRun(project.id, [{ step_name: 'a' }])
  await sql`update tasks set title = ${poison} where id = ${(await made.card('a')).id}`
  await api.act(made.step('a'), 'start')
  const raised = await eventually(
    () => alerts('handler_behind'),
    (events) => events.some((it) => it.type === 'alert.raised'),
  )
  expect(raised[0]).toMatchObject({
    project_id: project.id,
    payload: { subject: 'step_to_task', limit: 2 },
  })
  expect(raised[0]?.payload.value).toBeGreaterThan(2)
  await sql`update tasks set title = 'cured' where title = ${poison}`
  await sql`update event_deliveries set next_try_at = now()`
  await sql`notify events`
  const cleared = await eventually(
    () => alerts('handler_behind'),
    (events) => events.some((it) => it.type === 'alert.cleared'),
  )
  expect(cleared.filter((it) => it.type === 'alert.raised')).toHaveLength(1)
})

test('a request over two seconds raises one alert a minute; a stream is no slow request', async () => {
  let waiting: Promise<unknown>[] = []
  const stream = await fetch(`${api.url}/events/stream`, {
    headers: { Authorization: `Bearer ${api.adminToken}` },
  })
  await sql.begin(async (tx) => {
    await tx`lock table sprints in access exclusive mode`
    waiting = [api.get('/sprints'), api.get('/api/sprints')]
    await new Promise((resolve) => setTimeout(resolve, 2200))
  })
  await Promise.all(waiting)
  await stream.body?.cancel()
  const raised = await eventually(
    () => alerts('slow_request'),
    (events) => events.length > 0,
  )
  expect(raised).toMatchObject([{ payload: { subject: 'GET /sprints', limit: 2 } }])

  // A minute later, without another one, it is over.
  await sql`update alerts set raised_at = now() - interval '1 minute' where rule = 'slow_request'`
  const told = await eventually(
    () => alerts('slow_request'),
    (events) => events.length > 1,
  )
  expect(told.map((it) => it.type)).toEqual(['alert.raised', 'alert.cleared'])
})

test('a stranger who sends slowly and is turned away raises no alert', async () => {
  const before = await alerts('slow_request')
  const slowly = new ReadableStream({
    async start(body) {
      body.enqueue(new TextEncoder().encode('{'))
      await new Promise((resolve) => setTimeout(resolve, 2200))
      body.enqueue(new TextEncoder().encode('}'))
      body.close()
    },
  })
  const init = { method: 'POST', body: slowly, duplex: 'half' } as RequestInit
  expect((await fetch(`${api.url}/webhooks/github`, init)).status).toBe(401)
  // An alert would be written after the answer.
  await new Promise((resolve) => setTimeout(resolve, 300))
  expect(await alerts('slow_request')).toEqual(before)
})

test('parked work is given up with a reason, once, and told with what it failed of', async () => {
  const { eventId, rows } = await parkedRun()
  const path = `/deliveries/${eventId}/step_to_task/actions/discard`
  const blank = await api.post(path, { reason: ' ' })
  expect(blank).toMatchObject({ status: 422, body: { errors: [{ field: 'reason' }] } })
  const reason = 'the card was moved by hand'
  const given = await api.post(path, { reason })
  expect(given).toMatchObject({ status: 200, body: { event_id: eventId, state: 'parked' } })
  expect(await rows()).toEqual([])
  expect(await told(`type=delivery.discarded&entity_id=${eventId}`)).toMatchObject([
    { project_id: project.id, payload: { handler: 'step_to_task', error: 'poisoned', reason } },
  ])
  expect((await api.post(path, { reason })).status).toBe(404)
})

test('work that is still being tried is not given up', async () => {
  const { eventId } = await parkedRun()
  await sql`update event_deliveries set parked_at = null, next_try_at = now() + interval '1 day'
    where event_id = ${eventId}`
  const path = `/deliveries/${eventId}/step_to_task/actions/discard`
  expect(await api.post(path, { reason: 'no' })).toMatchObject({
    status: 409,
    body: { rule: 'delivery_is_parked' },
  })
  await sql`delete from event_deliveries where event_id = ${eventId}`
})
