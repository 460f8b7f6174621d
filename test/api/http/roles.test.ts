import { expect, test } from 'vitest'
import { grants, role } from '../../../api/core/entities/access.ts'
import type { Json } from '../../support/api.ts'
import { checkedApi } from '../support/checked-api.ts'

const api = await checkedApi()
const tokenOf = async (name: string, fields: object) =>
  (await api.post('/tokens', { name, ...fields })).body

const tokens = new Map<string, string>()
for (const it of role.options) tokens.set(it, (await tokenOf(it, { role: it })).secret)
test('a viewer, an agent and a member may do what their roles say', async () => {
  const project = await api.project()
  const sprint = await api.sprint(project.id)
  const task = await api.task(project.id, { sprint_id: sprint.id })
  const attempts = {
    read: (token: string) => api.get(`/tasks/${task.id}`, { token }),
    work: (token: string) =>
      api.patch(`/tasks/${task.id}`, { labels: [token.slice(-8)] }, { token }),
    plan: (token: string) =>
      api.patch(`/sprints/${sprint.id}`, { goal: token.slice(-8) }, { token }),
    admin: (token: string) => api.get('/tokens', { token }),
  }
  for (const [scope, attempt] of Object.entries(attempts)) {
    for (const name of role.options) {
      const { status } = await attempt(tokens.get(name) ?? '')
      expect(status, `${name} ${scope}`).toBe(grants(name, scope as 'read') ? 200 : 403)
    }
  }
})

test('a token that was revoked or has ended is refused a second later, in every process', async () => {
  const { authenticator } = await import('../../../api/services/access/authenticate.ts')
  const { connect } = await import('../../../api/store/database.ts')
  const db = connect(api.database.url)
  let now = 0
  const processes = [authenticator(db, () => now), authenticator(db, () => now)]
  const all = (secret: string) => Promise.all(processes.map((knows) => knows(secret)))
  const ending = await tokenOf('ending', { role: 'member', expires_at: '2099-01-01' })
  const leaving = await tokenOf('leaving', { role: 'member' })
  for (const { secret } of [ending, leaving]) expect(await all(secret)).not.toContain(null)
  await api.database.sql`update api_tokens set expires_at = now() where id = ${ending.id}`
  await api.delete(`/tokens/${leaving.id}`)
  now += 1000
  for (const { secret } of [ending, leaving]) expect(await all(secret)).toEqual([null, null])
  await db.end()
})

test('tokens are listed by role and by whether they are good, never with a secret', async () => {
  const good = await tokenOf('good', { role: 'viewer' })
  const gone = await tokenOf('gone', { role: 'viewer' })
  const over = await tokenOf('over', { role: 'viewer', expires_at: '2099-01-01' })
  await api.delete(`/tokens/${gone.id}`)
  await api.database.sql`update api_tokens set expires_at = now() where id = ${over.id}`
  const listed = async (query: string) =>
    (await api.get(`/tokens?limit=1000&role=viewer&${query}`)).body.items
      .filter((it: Json) => ['good', 'gone', 'over'].includes(it.name))
      .map((it: Json) => it.name)
  expect(await listed('state=valid')).toEqual(['good'])
  expect(await listed('state=revoked')).toEqual(['gone'])
  expect(await listed('state=expired')).toEqual(['over'])
  expect(await listed('')).toEqual(['good', 'gone', 'over'])
  expect(JSON.stringify((await api.get('/tokens?limit=1000')).body)).not.toContain(good.secret)
})

test('a token that would be over before it begins is refused', async () => {
  const answer = await api.post('/tokens', { name: 'x', role: 'viewer', expires_at: '2020-01-01' })
  expect(answer).toMatchObject({
    status: 422,
    body: { rule: 'expires_in_the_future', errors: [{ field: 'expires_at' }] },
  })
})

test('every change tells who made it', async () => {
  const member = tokens.get('member') ?? ''
  const { body } = await api.post('/projects', { slug: 'by-member', name: 'P' }, { token: member })
  await api.patch(`/projects/${body.id}`, { name: 'Q' })
  await api.settled()
  const events = await api.database.sql`
    select actor, type from events where project_id = ${body.id} order by id`
  expect(events.map(({ actor, type }) => [actor, type])).toEqual([
    ['member', 'project.created'],
    ['admin', 'project.updated'],
  ])
})

test('every route that is not open wants a token, known or not', async () => {
  for (const path of [
    '/docs',
    '/openapi.json',
    '/metrics',
    '/auth/me',
    '/nowhere',
    '/api/nowhere',
  ]) {
    expect((await api.get(path, { token: null })).status).toBe(401)
  }
  for (const path of ['/health', '/ready', '/api/health', '/api/ready']) {
    expect((await api.get(path, { token: null })).status).toBe(200)
  }
  expect((await api.get('/nowhere')).status).toBe(404)
})

test.each(['Basic abc', 'Bearer', 'Bearer ', 'bearer a b', ''])(
  'the header "%s" is no token',
  async (header) => {
    const answer = await api.get('/projects', { token: null, headers: { Authorization: header } })
    expect(answer.status).toBe(401)
  },
)

test('on whose behalf, and in which chain, is believed from service tokens alone', async () => {
  const service = (await tokenOf('flows', { role: 'member', service: true })).secret
  const claims = { 'X-On-Behalf-Of': 'ada@example.com', 'X-Correlation-Id': 'job-1' }
  const create = async (token: string, slug: string, headers: Record<string, string> = claims) => {
    const { id } = (await api.post('/projects', { slug, name: 'P' }, { token, headers })).body
    return (await api.get(`/events?project_id=${id}`)).body.items[0]
  }
  expect(await create(service, 'believed')).toMatchObject({
    actor: 'ada@example.com',
    correlation_id: 'job-1',
  })
  const plain = await create(tokens.get('member') ?? '', 'not-believed')
  expect(plain.actor).toBe('member')
  expect(plain.correlation_id).not.toBe('job-1')
  const long = { 'X-On-Behalf-Of': 'x'.repeat(5000), 'X-Correlation-Id': ' ' }
  expect((await create(service, 'long', long)).actor).toHaveLength(200)
})

test('two processes with one admin token start, and a revoked one stays revoked', async () => {
  const { authenticator, ensureToken } = await import(
    '../../../api/services/access/authenticate.ts'
  )
  const { connect } = await import('../../../api/store/database.ts')
  const db = connect(api.database.url)
  const token = { name: 'again', role: 'admin' as const, service: false, secret: 'given' }
  await Promise.all([1, 2, 3, 4].map(() => ensureToken(db, token)))
  const known = (await api.get('/tokens?limit=1000')).body.items.filter(
    (it: { name: string }) => it.name === 'again',
  )
  expect(known).toHaveLength(1)
  await api.delete(`/tokens/${known[0].id}`)
  await ensureToken(db, token)
  expect(await authenticator(db)('given')).toBeNull()
  await db.end()
})
