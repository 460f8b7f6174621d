import { Writable } from 'node:stream'
import { pino } from 'pino'
import { afterAll, describe, expect, test } from 'vitest'
import { startApi } from '../../../../api/main.ts'
import { eventually, type Json } from '../../../support/api.ts'
import { testDatabase } from '../../../support/database.ts'
import { checkedClient } from '../../support/checked-api.ts'
import { answering, startReceiver } from '../../support/receiver.ts'

/** Where names lead, for each time they are looked up; the last one stays. */
const names: Record<string, string[]> = { 'good.test': ['127.0.0.1'] }
const logged: string[] = []
const database = await testDatabase()
const { sql } = database
const adminToken = 'test-admin-token'
const running = await startApi({
  databaseUrl: database.url,
  host: '127.0.0.1',
  port: 0,
  adminToken,
  windmill: () => ({ baseUrl: 'http://127.0.0.1:9', token: 'unused', workspace: 'w' }),
  sprintIntegration: false,
  outgoing: {
    allowPrivate: [{ address: '127.0.0.1', prefix: 32, family: 'ipv4' }],
    waits: [],
    patience: 500,
    lookup(host, _options, done) {
      const addresses = names[host]
      const address = addresses && addresses.length > 1 ? addresses.shift() : addresses?.[0]
      if (address === undefined) done(Object.assign(new Error('no'), { code: 'ENOTFOUND' }), [])
      else done(null, [{ address, family: 4 }])
    },
  },
  consoleDir: null,
  log: pino(
    { level: 'trace' },
    new Writable({
      write(chunk, _encoding, done) {
        logged.push(String(chunk))
        done()
      },
    }),
  ),
})
afterAll(() => running.close())
const api = checkedClient(running.url, adminToken, database)
const receiver = await startReceiver()
afterAll(() => receiver.close())
const project = await api.project()
const wanted = {
  project_id: project.id,
  url: `http://good.test:${new URL(receiver.url).port}/hook?key=1`,
  event_types: ['task.*', 'sprint.completed'],
}
const subscribe = (fields: object = {}, options = {}) =>
  api.post('/webhook-subscriptions', { ...wanted, ...fields }, options)
const count = async () => (await sql`select from webhook_subscriptions`).count

test('a subscription is made, read, listed by project, changed and deleted', async () => {
  const made = await subscribe({ description: 'Ours' })
  expect(made).toMatchObject({
    status: 201,
    body: {
      ...wanted,
      format: 'standard',
      description: 'Ours',
      active: true,
      secret: expect.stringMatching(/^whsec_[A-Za-z0-9+/]{43}=$/),
    },
  })
  const { secret, ...subscription } = made.body
  const path = `/webhook-subscriptions/${subscription.id}`
  expect((await api.get(path)).body).toEqual(subscription)
  const everywhere = (await subscribe({ project_id: null })).body
  const listed = async (query: string) =>
    (await api.get(`/webhook-subscriptions${query}`)).body.items.map((it: Json) => it.id)
  expect(await listed('')).toEqual([subscription.id, everywhere.id])
  expect(await listed(`?project_id=${project.id}`)).toEqual([subscription.id])

  const changes = { event_types: ['*', '*'], format: 'slack', active: false, description: null }
  const changed = (await api.patch(path, changes)).body
  expect(changed).toMatchObject({ event_types: ['*'], format: 'slack', active: false })
  const told = (await api.get(`/events?entity_type=webhook_subscription&entity_id=${changed.id}`))
    .body.items
  expect(told.map((it: Json) => [it.type, it.payload])).toEqual([
    [
      'webhook.subscribed',
      { origin: new URL(wanted.url).origin, event_types: ['task.*', 'sprint.completed'] },
    ],
    [
      'webhook.changed',
      { fields: ['event_types', 'format', 'description', 'active'], reason: null },
    ],
  ])
  expect((await api.patch(path, changes)).body).toEqual(changed)
  expect((await api.delete(path)).body).toEqual(changed)
  expect((await api.get(path)).status).toBe(404)
  const [removed] = (await api.get('/events?type=webhook.removed')).body.items
  expect(removed).toMatchObject({ project_id: project.id, entity_id: changed.id })
})

describe('refused by name, changing nothing:', () => {
  test.each<[string, object, string]>([
    ['an unknown type', { event_types: ['task.exploded'] }, 'event_types.0'],
    ['an unknown family', { event_types: ['*', 'tasks.*'] }, 'event_types.1'],
    ['a pattern of another kind', { event_types: ['*.created'] }, 'event_types.0'],
    ['no type', { event_types: [] }, 'event_types'],
    ['no project named, nor null', { project_id: undefined }, 'project_id'],
    ['an unknown format', { format: 'teams' }, 'format'],
    ['an address that is none', { url: 'ftp://good.test/' }, 'url'],
    ['a password', { url: 'https://me:secret@good.test/' }, 'url'],
    ['a private address', { url: 'http://10.0.0.1/' }, 'url'],
    ['the API itself by another name', { url: 'http://[::1]:8787/' }, 'url'],
    ['a name that leads nowhere', { url: 'http://unknown.test/' }, 'url'],
    ['a field nobody knows', { secret: 'whsec_mine' }, 'secret'],
  ])('%s', async (_, fields, field) => {
    const before = await count()
    const { status, body } = await subscribe(fields)
    expect([status, body.errors[0].field]).toEqual([422, field])
    expect(await count()).toBe(before)
  })

  test('a project that is not there', async () => {
    expect((await subscribe({ project_id: 999_999 })).status).toBe(404)
  })

  test('a private address in a change', async () => {
    const { id } = (await subscribe()).body
    const refused = await api.patch(`/webhook-subscriptions/${id}`, { url: 'http://10.0.0.1/' })
    expect(refused).toMatchObject({ status: 422, body: { rule: 'webhook_address_is_public' } })
    expect((await api.get(`/webhook-subscriptions/${id}`)).body.url).toBe(wanted.url)
  })

  test('whoever is no administrator, before a name is looked up', async () => {
    names['watched.test'] = ['93.184.216.34', '93.184.216.34']
    const { secret } = (await api.post('/tokens', { name: 'm', role: 'member' })).body
    const { status } = await subscribe({ url: 'https://watched.test/' }, { token: secret })
    expect(status).toBe(403)
    expect(names['watched.test']).toHaveLength(2)
  })
})

test('a name that led to a public address and then into a private network is not connected to', async () => {
  // Where it would lead stands a receiver: anything that came there would be seen.
  const { port } = new URL(receiver.url)
  names['rebound.test'] = ['93.184.216.34', '127.0.0.2', '10.0.0.1']
  const before = receiver.received.length
  const { status, body } = await subscribe({ url: `http://rebound.test:${port}/` })
  expect(status).toBe(201)
  const parked = async (n: number) =>
    eventually(
      async () => (await api.get(`/webhook-messages?subscription_id=${body.id}`)).body.items,
      (items: Json[]) => items.length === n && items.every((it) => it.state === 'parked'),
    )
  await api.post(`/webhook-subscriptions/${body.id}/actions/test`)
  expect(await parked(1)).toMatchObject([
    { state: 'parked', status: null, error: expect.stringContaining('leads to 127.0.0.2') },
  ])
  // Of two looks at a name, none may be believed for the other.
  await api.post(`/webhook-subscriptions/${body.id}/actions/test`)
  expect((await parked(2))[1].error).toContain('leads to 10.0.0.1')
  expect(receiver.received).toHaveLength(before)
  // One about a webhook is parked in silence: telling of it would go on for ever.
  const told = await api.get(
    `/events?type=webhook.parked&entity_type=webhook_subscription&entity_id=${body.id}`,
  )
  expect(told.body.items).toEqual([])
  names['rebound.test'] = ['127.0.0.1']
  await api.post(`/webhook-subscriptions/${body.id}/actions/replay-parked`)
  await receiver.count(before + 2)
  expect(receiver.received).toHaveLength(before + 2)
  await api.delete(`/webhook-subscriptions/${body.id}`)
})

test('a literal address that was allowed once is checked again when a message is sent', async () => {
  const { id } = (await subscribe({ url: receiver.url })).body
  await sql`update webhook_subscriptions set url = 'http://127.0.0.2:9/' where id = ${id}`
  await api.post(`/webhook-subscriptions/${id}/actions/test`)
  const [message] = await eventually(
    async () => (await api.get(`/webhook-messages?subscription_id=${id}&state=parked`)).body.items,
    (items: Json[]) => items.length > 0,
  )
  expect(message.error).toContain('127.0.0.2 is no public address')
})

test('a receiver that never answers, or never ends its answer, is waited for no longer than it may', async () => {
  const { id } = (await subscribe({ url: receiver.url })).body
  const parked = (n: number) =>
    eventually(
      async () => (await api.get(`/webhook-messages?subscription_id=${id}`)).body.items,
      (items: Json[]) => items.length === n && items.every((it) => it.state !== 'waiting'),
    )
  receiver.answer = () => {}
  await api.post(`/webhook-subscriptions/${id}/actions/test`)
  expect(await parked(1)).toMatchObject([
    { state: 'parked', status: null, error: 'no answer in time' },
  ])
  receiver.answer = (_, response) => response.writeHead(500).write('not yet')
  await api.post(`/webhook-subscriptions/${id}/actions/test`)
  expect((await parked(2))[1]).toMatchObject({ status: 500, error: 'answered 500: not yet' })
  receiver.answer = answering(200)
  await api.delete(`/webhook-subscriptions/${id}`)
})

test('a secret is shown once and kept nowhere that people or logs can see', async () => {
  const key = { headers: { 'Idempotency-Key': 'once' } }
  const url = receiver.url
  const made = (await subscribe({ url, event_types: ['*'] }, key)).body
  const again = await subscribe({ url, event_types: ['*'] }, key)
  expect(again.body).toEqual({ ...made, secret: null })
  const path = `/webhook-subscriptions/${made.id}`
  const turn = { headers: { 'Idempotency-Key': 'turned' } }
  const rotated = (await api.post(`${path}/actions/rotate-secret`, {}, turn)).body
  expect((await api.post(`${path}/actions/rotate-secret`, {}, turn)).body.secret).toBeNull()
  // Sent well, and badly, so that logs and notes have something to say.
  await api.task(project.id)
  receiver.answer = answering(500, {}, 'no')
  await api.task(project.id)
  await eventually(
    async () => (await api.get(`/webhook-messages?subscription_id=${made.id}`)).body.items,
    (items: Json[]) => items.length >= 2 && items.every((it) => it.state !== 'waiting'),
  )
  receiver.answer = answering(200)
  await api.patch(path, { url: `${url}/moved` })

  const lists = await Promise.all(
    [
      '/webhook-subscriptions?limit=1000',
      path,
      '/webhook-messages?limit=1000',
      '/events?limit=1000',
    ].map((it) => api.get(it)),
  )
  const kept = await sql`select * from idempotency_keys`
  const seen = {
    lists: JSON.stringify(lists),
    events: JSON.stringify(await sql`select * from events`),
    kept: JSON.stringify(kept),
    received: JSON.stringify(receiver.received),
    logged: logged.join(''),
  }
  expect(kept.length).toBeGreaterThanOrEqual(2)
  expect(seen.logged).toContain('a webhook was not taken')
  for (const secret of [made.secret, rotated.secret]) {
    const bare = secret.replace('whsec_', '')
    for (const [where, text] of Object.entries(seen)) expect(text, where).not.toContain(bare)
  }
  // The path of an address can be a secret as well: events and logs tell its host alone.
  for (const where of ['events', 'logged'] as const) {
    expect(seen[where], where).not.toContain('s3cr3t-path')
  }
})

test('one that is deleted while an event is written holds nobody up, and gets nothing', async () => {
  const { id } = (await subscribe({ event_types: ['*'] })).body
  let made: Promise<Json> | undefined
  await sql.begin(async (tx) => {
    await tx`delete from webhook_subscriptions where id = ${id}`
    made = api.task(project.id)
    await eventually(
      () =>
        sql`select from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`,
      (rows) => rows.length > 0,
    )
  })
  expect((await made).id).toBeGreaterThan(0)
  expect(await sql`select from webhook_messages where subscription_id = ${id}`).toHaveLength(0)
})

test('a project that is deleted takes its subscriptions with it', async () => {
  const other = await api.project()
  const { id } = (await subscribe({ project_id: other.id })).body
  await api.task(other.id)
  expect((await api.delete(`/projects/${other.id}`)).status).toBe(200)
  expect((await api.get(`/webhook-subscriptions/${id}`)).status).toBe(404)
})
