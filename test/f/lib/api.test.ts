import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { apiOf } from '../../../f/devgodzilla/lib/api.ts'
import { currentJob } from '../../../f/devgodzilla/lib/job.ts'
import { answer, apiThat, inTurn, problem } from '../support/api-server.ts'

const Thing = z.looseObject({ id: z.number() })
const quick = { pauses: [1, 1, 1] }
const job = { id: 'j', root: 'root-job', step: 'flow/step', user: 'ann' }

/** Takes connections and says nothing. */
async function silentServer() {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return { server, base_url: `http://127.0.0.1:${port}` }
}

describe('a request', () => {
  it('carries the token, the root job and the user', async () => {
    const { api, received } = await apiThat({ 'GET /things/1': answer({ id: 1, more: true }) })
    const client = apiOf({ ...api, base_url: `${api.base_url}/` }, { job })
    expect(await client.get('/things/1', Thing, { limit: 5, none: undefined })).toEqual({
      id: 1,
      more: true,
    })
    expect(received[0]?.query).toEqual({ limit: '5' })
    expect(received[0]?.headers).toMatchObject({
      authorization: 'Bearer secret-of-the-flows',
      'x-correlation-id': 'root-job',
      'x-on-behalf-of': 'ann',
    })
    expect(received[0]?.headers).not.toHaveProperty('idempotency-key')
  })

  it('spells a user that no header can hold', async () => {
    const { api, received } = await apiThat({ 'GET /things/1': answer({ id: 1 }) })
    await apiOf(api, { job: { ...job, user: 'Åse\r\nX: 1' } }).get('/things/1', Thing)
    expect(received[0]?.headers['x-on-behalf-of']).toBe('%C3%85se%0D%0AX%3A%201')
  })

  it('has a key of its step and content when it changes something', async () => {
    const { api, received } = await apiThat({ 'POST /things': answer({ id: 1 }) })
    const post = async (step: string, name: string) => {
      await apiOf(api, { job: { ...job, step } }).post('/things', { name }, Thing)
      return String(received.at(-1)?.headers['idempotency-key'])
    }
    const first = await post('flow/a', 'x')
    expect(await post('flow/a', 'x')).toBe(first)
    expect(await post('flow/b', 'x')).not.toBe(first)
    expect(await post('flow/a', 'y')).not.toBe(first)
  })

  it('has another key each time a step means to do the same again', async () => {
    const { api, received } = await apiThat({ 'PUT /things': answer({ id: 1 }) })
    const client = apiOf(api, { job })
    await client.put('/things', {}, Thing)
    await client.put('/things', {}, Thing)
    const keys = received.map(({ headers }) => headers['idempotency-key'])
    expect(new Set(keys).size).toBe(2)
  })

  it('has no key when it only asks', async () => {
    const { api, received } = await apiThat({ 'POST /things/export': answer({ id: 1 }) })
    await apiOf(api, { job }).ask('/things/export', {}, Thing)
    expect(received[0]?.headers).not.toHaveProperty('idempotency-key')
  })
})

describe('an answer that means "later"', () => {
  it.each([
    ['a lost connection', () => 'hang up' as const],
    ['a server error', problem(500)],
    ['a gateway without its server', () => ({ status: 502, body: '<html>' })],
    ['too many requests', problem(429)],
  ])('%s is asked again, under the same key', async (_, first) => {
    const { api, received } = await apiThat({ 'POST /things': inTurn(first, answer({ id: 4 })) })
    expect(await apiOf(api, quick).post('/things', {}, Thing)).toEqual({ id: 4 })
    expect(received).toHaveLength(2)
    expect(received[1]?.headers['idempotency-key']).toBe(received[0]?.headers['idempotency-key'])
  })

  it('is given up after a bounded number of attempts', async () => {
    const { api, received } = await apiThat({ 'GET /things/1': problem(503, { detail: 'busy' }) })
    const error = await apiOf(api, quick)
      .get('/things/1', Thing)
      .catch((it) => it)
    expect(error).toMatchObject({ name: 'ApiUnavailable' })
    expect(error.message).toMatch(/did not answer in 4 attempts \(status 503.*busy.*base_url/s)
    expect(error.message).not.toContain('secret-of-the-flows')
    expect(received).toHaveLength(4)
  })

  it('waits as long as the API asks for', async () => {
    const busy = () => ({ status: 429, headers: { 'retry-after': '1' }, body: {} })
    const { api } = await apiThat({ 'GET /things/1': inTurn(busy, answer({ id: 1 })) })
    const start = performance.now()
    await apiOf(api, quick).get('/things/1', Thing)
    expect(performance.now() - start).toBeGreaterThan(990)
  })

  it('names the reason when nothing listens', async () => {
    const { server, base_url } = await silentServer()
    server.close()
    await once(server, 'close')
    const api = { base_url, token: 't' }
    await expect(apiOf(api, quick).get('/x', Thing)).rejects.toThrow(/ECONNREFUSED/)
  })

  it('does not wait for an answer for ever', async () => {
    const { server, base_url } = await silentServer()
    const api = { base_url, token: 't' }
    await expect(apiOf(api, { pauses: [], timeout: 50 }).get('/x', Thing)).rejects.toThrow(
      /no answer within 50 ms/,
    )
    server.close()
  })
})

describe('a refusal', () => {
  it('is not asked again, and names the rule, the field and the way out', async () => {
    const { api, received } = await apiThat({
      'POST /things': problem(422, {
        code: 'invalid',
        rule: 'spec_path',
        detail: 'spec_path: must be relative.',
      }),
    })
    const error = await apiOf(api, quick)
      .post('/things', {}, Thing)
      .catch((it) => it)
    expect(error).toMatchObject({ name: 'ApiRefused', status: 422, code: 'spec_path' })
    expect(error.message).toBe(
      'POST /things was refused with 422 (spec_path): spec_path: must be relative; ' +
        'correct what is named, then run the flow again',
    )
    expect(received).toHaveLength(1)
  })

  it('says how to mend a token', async () => {
    const { api } = await apiThat({ 'GET /things/1': problem(401) })
    await expect(apiOf(api).get('/things/1', Thing)).rejects.toThrow(/f\/devgodzilla\/api_token/)
  })

  it('may come from something else than the API', async () => {
    const { api } = await apiThat({ 'GET /x': () => ({ status: 404, body: '<h1>nginx</h1>' }) })
    await expect(apiOf(api).get('/x', Thing)).rejects.toThrow(/404: <h1>nginx/)
  })

  it('is a redirect as well, since the token would go with it', async () => {
    const { api, received } = await apiThat({
      'GET /x': () => ({ status: 302, headers: { location: '/elsewhere' }, body: {} }),
    })
    await expect(apiOf(api).get('/x', Thing)).rejects.toThrow(/302.*base_url/)
    expect(received.map(({ path }) => path)).toEqual(['/x'])
  })
})

describe('an answer of another version', () => {
  it.each([
    ['a field that is missing', answer({ name: 'x' }), /id: .*same version/],
    ['no JSON', () => ({ body: 'hello' }), /not JSON: hello/],
  ])('%s is said so', async (_, given, message) => {
    const { api, received } = await apiThat({ 'GET /x': given })
    const error = await apiOf(api, quick)
      .get('/x', Thing)
      .catch((it) => it)
    expect(error).toMatchObject({ name: 'ApiMismatch' })
    expect(error.message).toMatch(message)
    expect(received).toHaveLength(1)
  })
})

describe('the resource', () => {
  it('needs an address and a token', () => {
    expect(() => apiOf({ base_url: 'ftp://x', token: 't' })).toThrow(/base_url .* http/)
    expect(() => apiOf({ base_url: 'http://x', token: '' })).toThrow(/token .* is empty.*api_token/)
  })
})

describe('the current job', () => {
  it('keeps the step when the job of an attempt changes', () => {
    const flow = { WM_FLOW_JOB_ID: 'f', WM_FLOW_STEP_ID: 's', WM_ROOT_FLOW_JOB_ID: 'r' }
    const first = currentJob({ ...flow, WM_JOB_ID: '1' })
    expect(first).toEqual({ id: '1', root: 'r', step: 'f/s', user: undefined })
    expect(currentJob({ ...flow, WM_JOB_ID: '2' }).step).toBe(first.step)
  })

  it('is the script itself outside of a flow, and made up outside of Windmill', () => {
    expect(currentJob({ WM_JOB_ID: '1', WM_EMAIL: 'a@b' })).toEqual({
      ...{ id: '1', root: '1', step: '1', user: 'a@b' },
    })
    expect(currentJob({}).id).not.toBe(currentJob({}).id)
  })
})
