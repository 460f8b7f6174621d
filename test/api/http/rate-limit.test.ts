import { expect, test } from 'vitest'
import { testApi } from '../../support/api.ts'

// Two requests per second and token: twenty within the ten seconds that are counted together.
const api = await testApi({ rateLimit: 2 })

const tokenOf = async (name: string, service = false): Promise<string> =>
  (await api.post('/tokens', { name, role: 'member', service })).body.secret
const ask = (path: string, token: string | null, init: RequestInit = {}) =>
  fetch(api.url + path, {
    ...init,
    headers: { ...(token === null ? {} : { Authorization: `Bearer ${token}` }) },
  })
const statuses = async (times: number, path: string, token: string | null, init?: RequestInit) => {
  const answers = await Promise.all(Array.from({ length: times }, () => ask(path, token, init)))
  return { answers, count: (status: number) => answers.filter((it) => it.status === status).length }
}

const [busy, calm, flows] = [await tokenOf('busy'), await tokenOf('calm'), await tokenOf('f', true)]

test('a token may send so many requests in ten seconds, and is then told when to go on', async () => {
  const { answers, count } = await statuses(25, '/projects', busy)
  expect([count(200), count(429)]).toEqual([20, 5])
  const refused = answers.find((it) => it.status === 429) as Response
  expect(Number(refused.headers.get('Retry-After'))).toBeGreaterThanOrEqual(1)
  expect(refused.headers.get('RateLimit-Policy')).toBe('"token";q=20;w=10')
  expect(refused.headers.get('RateLimit')).toMatch(/^"token";r=0;t=\d+$/)
  expect(refused.headers.get('Content-Type')).toBe('application/problem+json')
  expect(await refused.json()).toMatchObject({
    status: 429,
    code: 'too_many',
    rule: 'rate_limit_token',
    requestId: refused.headers.get('X-Request-Id'),
  })
})

test('calls that come in one message of MCP are as many requests', async () => {
  const call = { name: 'orchestration_project_list', arguments: {} }
  const batch = Array.from({ length: 25 }, (_, id) => ({
    ...{ jsonrpc: '2.0', id, method: 'tools/call', params: call },
  }))
  const answer = await fetch(`${api.url}/mcp`, {
    method: 'POST',
    headers: {
      Authorization: `Bearer ${await tokenOf('batches')}`,
      'Content-Type': 'application/json',
      Accept: 'application/json, text/event-stream',
    },
    body: JSON.stringify(batch),
  })
  const answers = (await answer.json()) as { result: { structuredContent: { error?: object } } }[]
  const errors = answers.flatMap(({ result }) => result.structuredContent.error ?? [])
  expect([answers.length, errors.length]).toEqual([25, 5])
  expect(errors[0]).toMatchObject({ code: 'too_many', rule: 'rate_limit_token' })
})

test('a change that was one too many has changed nothing', async () => {
  const project = JSON.stringify({ slug: 'one-too-many', name: 'P' })
  const answer = await ask('/projects', busy, { method: 'POST', body: project })
  expect(answer.status).toBe(429)
  expect((await ask('/projects?slug=one-too-many', calm)).status).toBe(200)
  const rows = await api.database.sql`select 1 from projects`
  expect(rows).toHaveLength(0)
})

test('another token goes on, and is told what it has left', async () => {
  const answer = await ask('/projects', calm)
  expect(answer.status).toBe(200)
  expect(answer.headers.get('RateLimit-Policy')).toBe('"token";q=20;w=10')
  expect(answer.headers.get('RateLimit')).toMatch(/^"token";r=1\d;t=\d+$/)
})

test('a service token, which the flows of all share, may send ten times as many', async () => {
  const { count } = await statuses(205, '/projects', flows)
  expect([count(200), count(429)]).toEqual([200, 5])
})

test('an address that tries tokens is stopped, while valid tokens from there go on', async () => {
  const first = await statuses(3, '/projects', 'dgz_wrong')
  expect([first.count(401), first.count(429)]).toEqual([2, 1])
  const second = await statuses(2, '/projects', null)
  expect(second.count(429)).toBe(2)
  expect((await ask('/projects', calm)).status).toBe(200)
  for (const body of [JSON.stringify({ code: 'guess' }), '{', '{}']) {
    expect((await ask('/auth/login', null, { method: 'POST', body })).status).toBe(429)
  }
})

test('what tells that it is alive is never limited', async () => {
  expect((await statuses(50, '/health', null)).count(200)).toBe(50)
})

test('a limit of 0 is none', async () => {
  const open = await testApi({ rateLimit: 0 })
  const answers = await Promise.all(Array.from({ length: 50 }, () => open.get('/projects')))
  expect(answers.every((it) => it.status === 200)).toBe(true)
  const answer = await fetch(`${open.url}/projects`, {
    headers: { Authorization: `Bearer ${open.adminToken}` },
  })
  expect(answer.headers.get('RateLimit')).toBeNull()
})
