import { pino } from 'pino'
import { afterAll, describe, expect, test } from 'vitest'
import { allCommands } from '../../../api/commands/all.ts'
import { grants, type Role, role, scope } from '../../../api/core/entities/access.ts'
import { createApp, verbs } from '../../../api/http/create-app.ts'
import { authenticator } from '../../../api/services/access/authenticate.ts'
import { createFeed } from '../../../api/services/event/feed.ts'
import type { Runtime } from '../../../api/services/runtime.ts'
import { connect } from '../../../api/store/database.ts'
import { type Json, testApi } from '../../support/api.ts'
import { scopes, special } from './expectations.ts'

const api = await testApi()
const db = connect(api.database.url)
const log = pino({ level: 'silent' })
const runtime: Runtime = {
  db,
  log,
  flows: { start: async () => {}, find: async () => undefined, cancel: async () => {} },
  sprintIntegration: true,
}
const feed = createFeed(db, log)
afterAll(async () => {
  await feed.close()
  await db.end()
})
const surface = {
  runtime,
  feed,
  rateLimit: 0,
  isUp: () => true,
  webhookSecret: 'unused',
  mcp: async () => new Response(),
  consoleDir: null,
}
const app = createApp({ ...surface, authenticate: authenticator(db) })

const tokenOf = async (name: string, fields: object) =>
  (await api.post('/tokens', { name, ...fields })).body
const tokens = new Map<Role, string>()
for (const it of role.options) tokens.set(it, (await tokenOf(it, { role: it })).secret)
const revoked = await tokenOf('revoked', { role: 'admin' })
await api.delete(`/tokens/${revoked.id}`)
const expired = await tokenOf('expired', { role: 'admin', expires_at: '2099-01-01' })
await api.database.sql`update api_tokens set expires_at = now() where id = ${expired.id}`

const strangers: [string, string | null][] = [
  ['no token', null],
  ['a wrong token', 'dgz_wrong'],
  ['a revoked token', revoked.secret],
  ['an expired token', expired.secret],
]

/** No row has this id: who may ask gets 404, or a complaint about what is missing. */
async function ask(method: string, path: string, token: string | null) {
  const there = path.replaceAll(/:\w+/g, '999999999').replace('*', '')
  const headers: Record<string, string> = token === null ? {} : { Authorization: `Bearer ${token}` }
  const ending = new AbortController()
  const response = await fetch(api.url + there, {
    method,
    headers,
    signal: ending.signal,
    redirect: 'manual',
  })
  const isJson = response.headers.get('Content-Type')?.includes('json')
  const body: Json = isJson ? await response.json() : {}
  // A stream would not end by itself.
  ending.abort()
  return { status: response.status, body }
}

const served = new Set(
  app.routes
    .filter(({ method }) => method !== 'ALL')
    .map(({ method, path }) => `${method} ${path.replace(/^\/api(?=\/)/, '')}`),
)
const routeOf = (command: { method: string; path: string }) =>
  `${command.method.toUpperCase()} ${command.path}`

test('who may use it is written down for every route that is served, and for no other', () => {
  const verbRoutes = allCommands.map(routeOf)
  expect(verbs.map((verb) => routeOf(verb.command)).sort()).toEqual([...verbRoutes].sort())
  expect([...served].sort()).toEqual([...verbRoutes, ...Object.keys(special)].sort())
  expect(Object.values(scopes).flat().sort()).toEqual(allCommands.map((it) => it.name).sort())
})

describe.each(
  scope.options.flatMap((needed) => scopes[needed].map((name) => [name, needed] as const)),
)('%s (%s)', (name, needed) => {
  const command = allCommands.find((it) => it.name === name)
  const route = command ? ([command.method.toUpperCase(), command.path] as const) : null
  const verb = verbs.find((it) => it.command.name === name)

  test.each(strangers)('with %s is 401', async (_, token) => {
    if (!route) throw new Error(`${name} is no verb`)
    expect(await ask(...route, token)).toMatchObject({
      status: 401,
      body: { code: 'unauthenticated', rule: 'token' },
    })
  })

  test.each(role.options)('for %s, as its scope says', async (who) => {
    if (!route) throw new Error(`${name} is no verb`)
    const { status, body } = await ask(...route, tokens.get(who) ?? '')
    if (grants(who, needed)) expect([200, 201, 404, 409, 422], body.detail).toContain(status)
    else expect(body).toMatchObject({ status: 403, code: 'forbidden', rule: `scope_${needed}` })
  })

  test.each(role.options)('for %s without HTTP, the service itself asks again', async (who) => {
    if (!verb) throw new Error(`${name} is no verb`)
    const caller = {
      actor: `direct ${who}`,
      role: who,
      correlationId: 'matrix',
      causationId: null,
      agent: null,
      sessionKey: null,
      idempotencyKey: null,
    }
    const tried = await verb.run(runtime, caller, {} as never).catch((error: unknown) => error)
    const refusal = expect.objectContaining({ code: 'forbidden', rule: `scope_${needed}` })
    if (grants(who, needed)) expect(tried).not.toEqual(refusal)
    else expect(tried).toEqual(refusal)
  })
})

/** A webhook asks for its signature, whoever's token comes with it. */
const unsigned = { status: 401, rule: 'webhook_signature' }

describe.each(Object.entries(special))('%s', (route, who) => {
  const [method, path] = route.split(' ') as [string, string]

  test.each(strangers)(`with %s is ${who === 'anyone' ? 'answered' : '401'}`, async (_, token) => {
    const { status, body } = await ask(method, path, token)
    if (who === 'any token') expect(body).toMatchObject({ status: 401, rule: 'token' })
    else if (who === 'who signs') expect(body).toMatchObject(unsigned)
    else expect([200, 302, 404, 422]).toContain(status)
  })

  test.each(role.options)('is answered for %s', async (name) => {
    const { status, body } = await ask(method, path, tokens.get(name) ?? '')
    if (who === 'who signs') expect(body).toMatchObject(unsigned)
    else expect([200, 302, 404, 422, 426]).toContain(status)
  })
})

test('nobody who was refused has changed anything', async () => {
  const written = await api.database.sql<{ actor: string; type: string }[]>`
    select actor, type from events where actor <> 'admin'`
  expect(written.filter(({ actor }) => /viewer|agent|revoked|expired/.test(actor))).toEqual([])
})
