import { createHmac } from 'node:crypto'
import { beforeAll, describe, expect, it } from 'vitest'
import { stringify } from 'yaml'
import type { HttpTrigger } from '../../../scripts/local-windmill/triggers/check-http-trigger.ts'
import { matchRoute } from '../../../scripts/local-windmill/triggers/route-match.ts'
import { engineUnderTest } from './engine-under-test.ts'
import { code } from './workspace-folder.ts'

const { engine, folder, database, logged, as, api } = await engineUnderTest({ bodyBytes: 5000 })
const { sql } = database

const SECRET = 'It is a secret to everybody'

async function trigger(name: string, fields: object): Promise<void> {
  const usual = {
    script_path: 'f/t/echo',
    is_flow: true,
    route_path: name,
    http_method: 'post',
    request_type: 'sync',
    authentication_method: 'none',
    is_static_website: false,
    workspaced_route: false,
    wrap_body: false,
    raw_string: false,
  }
  await folder.file(`f/t/${name}.http_trigger.yaml`, stringify({ ...usual, ...fields }))
}

async function resource(name: string, value: object): Promise<string> {
  await folder.file(`f/t/${name}.resource.yaml`, stringify({ value, resource_type: 'x' }))
  return `f/t/${name}`
}

type Init = { method?: string; body?: string; headers?: Record<string, string> }

async function call(route: string, { method = 'POST', body, headers }: Init = {}) {
  const response = await fetch(`${engine.url}/api/r/${route}`, {
    method,
    ...(body !== undefined && { body }),
    headers: { ...(body !== undefined && { 'Content-Type': 'application/json' }), ...headers },
  })
  const text = await response.text()
  const isJson = response.headers.get('content-type')?.includes('json')
  const json = isJson && text ? JSON.parse(text) : undefined
  return { status: response.status, text, json, headers: response.headers }
}

const count = async () => Number((await sql`select count(*) from windmill.jobs`)[0]?.count)

/** The statuses of calls that are to start nothing. */
async function refused(...calls: (() => ReturnType<typeof call>)[]): Promise<number[]> {
  const before = await count()
  const statuses: number[] = []
  for (const each of calls) statuses.push((await each()).status)
  expect(await count()).toBe(before)
  return statuses
}

beforeAll(async () => {
  // Answers its arguments: an empty flow does.
  await folder.flow('echo', { modules: [] })
  await folder.flow('event', {
    preprocessor_module: code(
      'preprocessor',
      'export async function preprocessor(event: object) { return { event } }',
      { event: '=flow_input.event' },
    ),
    modules: [],
  })
  await trigger('plain', {})
})

describe('a request', () => {
  it('gets the result of the flow that its route names, and the job names the trigger', async () => {
    const { status, json } = await call('plain', { body: '{"n":1}' })
    expect([status, json]).toEqual([200, { n: 1 }])
    const [job] = await sql`select id from windmill.jobs where trigger = 'f/t/plain'`
    expect(await api.job(job?.id)).toMatchObject({
      trigger_kind: 'http',
      trigger: 'f/t/plain',
      created_by: 'HTTP-f/t/plain',
    })
  })

  it('gets the id of the job at once where the trigger is async', async () => {
    await trigger('later', { request_type: 'async' })
    const { status, text } = await call('later', { body: '{"n":2}' })
    expect(status).toBe(201)
    expect(await api.ended(text)).toMatchObject({ success: true, result: { n: 2 } })
  })

  it('of another path, method or workspace is answered 404, and starts nothing', async () => {
    await trigger('own', { workspaced_route: true })
    const statuses = await refused(
      () => call('nowhere'),
      () => call('plain/more'),
      () => call('plain', { method: 'GET' }),
      () => call('own'),
      () => call('other/own'),
      () => call('devgodzilla/plain'),
      () => call('pl%E0n'),
    )
    expect(statuses).toEqual([404, 404, 404, 404, 404, 404, 400])
    expect((await call('devgodzilla/own/', { body: '{"n":3}' })).json).toEqual({ n: 3 })
  })

  it('with HEAD or OPTIONS starts nothing', async () => {
    await trigger('seen', { http_method: 'get' })
    const ask = (method: string) => () => call('seen', { method })
    expect(await refused(ask('HEAD'), ask('OPTIONS'))).toEqual([200, 200])
    expect((await call('seen', { method: 'GET' })).json).toEqual({})
  })

  it('may choose its answer by what the flow returns, and fails as the flow does', async () => {
    await folder.flow('teapot', {
      modules: [
        code(
          'a',
          `export async function main(bad: boolean) {
             if (bad) throw new Error('broken')
             return { windmill_status_code: 418, result: 'short' }
           }`,
          { bad: '=!!flow_input.bad' },
        ),
      ],
    })
    await trigger('teapot', { script_path: 'f/t/teapot' })
    expect(await call('teapot', { body: '{}' })).toMatchObject({ status: 418, json: 'short' })
    expect(await call('teapot', { body: '{"bad":true}' })).toMatchObject({
      status: 500,
      json: { error: { message: 'broken' } },
    })
  })

  it('to a script passes its arguments by name, and the others by', async () => {
    await folder.script('add', 'export async function main(a: number, b = 1) { return a + b }', {
      schema: { properties: { a: { type: 'number' }, b: { type: 'number' } }, required: ['a'] },
    })
    await trigger('add', { script_path: 'f/t/add', is_flow: false })
    expect((await call('add', { body: '{"a":2,"more":true}' })).json).toBe(3)
    expect((await call('add', { body: '{"a":"x"}' })).text).toMatch(/argument a must be number/)
  })
})

describe('a body', () => {
  it.each<[string, object, string, string | undefined, unknown]>([
    ['an object', {}, '{"a":1}', undefined, { a: 1 }],
    ['an object to wrap', { wrap_body: true }, '{"a":1}', undefined, { body: { a: 1 } }],
    ['a list', {}, '[1]', undefined, { body: [1] }],
    ['nothing', {}, '', undefined, {}],
    [
      'an object as text too',
      { raw_string: true },
      '{"a": 1}',
      undefined,
      { a: 1, raw_string: '{"a": 1}' },
    ],
    ['a form', {}, 'a=1&b=%26', 'application/x-www-form-urlencoded', { a: '1', b: '&' }],
    ['plain text', {}, 'hello', 'text/plain; charset=utf-8', { raw_string: 'hello' }],
  ])('that is %s becomes arguments', async (_, fields, body, type, args) => {
    await trigger('body', fields)
    const headers: Record<string, string> = type ? { 'Content-Type': type } : {}
    expect((await call('body', { body, headers })).json).toEqual(args)
  })

  it('that cannot be read is refused, and starts nothing', async () => {
    await trigger('body', {})
    const typed = (type: string) => () =>
      call('body', { body: 'x', headers: { 'Content-Type': type } })
    const statuses = await refused(
      () => call('body', { body: '{"a"' }),
      () => call('body', { body: JSON.stringify({ a: 'x'.repeat(6000) }) }),
      typed('image/png'),
      typed('multipart/form-data; boundary=x'),
    )
    expect(statuses).toEqual([400, 413, 415, 415])
  })

  it('may not have secrets read', async () => {
    await engine.setVariable('f/t/hidden', SECRET, { secret: true })
    const statuses = await refused(
      () => call('plain', { body: '{"a":"$var:f/t/hidden"}' }),
      () => call('plain', { body: '$var:f/t/hidden', headers: { 'Content-Type': 'text/plain' } }),
    )
    expect(statuses).toEqual([403, 403])
  })
})

describe('a preprocessor', () => {
  it('gets the whole request as its event', async () => {
    await trigger('seen', {
      script_path: 'f/t/event',
      route_path: 'items/:id/*rest',
      http_method: 'put',
      raw_string: true,
    })
    const { json } = await call('items/a%20b/c/d?x=1', {
      method: 'PUT',
      body: '{"n":4}',
      headers: { 'X-Kind': 'test' },
    })
    expect(json.event).toMatchObject({
      kind: 'http',
      route: 'items/:id/*rest',
      path: 'items/a b/c/d',
      method: 'put',
      params: { id: 'a b', rest: 'c/d' },
      query: { x: '1' },
      headers: { 'x-kind': 'test' },
      body: { n: 4 },
      raw_string: '{"n":4}',
    })
  })

  it('does not get what let the request in', async () => {
    const path = await resource('door', { api_key_header: 'X-Key', api_key_secret: SECRET })
    const script_path = 'f/t/event'
    await trigger('keyed', {
      script_path,
      authentication_method: 'api_key',
      authentication_resource_path: path,
    })
    await trigger('known', { script_path, authentication_method: 'windmill' })
    const keyed = await call('keyed', { body: '{}', headers: { 'X-Key': SECRET } })
    const known = await call('known?token=member', {
      body: '{}',
      headers: { Authorization: 'Bearer member' },
    })
    expect([keyed.status, known.status]).toEqual([200, 200])
    expect(keyed.text).not.toContain(SECRET)
    expect(known.text).not.toMatch(/Bearer|token/)
  })
})

describe('authentication', () => {
  it('by windmill takes the tokens of those who may run jobs', async () => {
    await trigger('known', { authentication_method: 'windmill' })
    const by = (token: string) => () =>
      call('known', { body: '{}', headers: { Authorization: `Bearer ${token}` } })
    expect(await refused(() => call('known', { body: '{}' }), by('nobody'), by('viewer'))).toEqual([
      401, 401, 403,
    ])
    expect((await by('member')()).status).toBe(200)
    const [job] = await sql`
      select created_by from windmill.jobs where trigger = 'f/t/known' order by created_at desc`
    expect(job?.created_by).toBe('the-member')
  })

  it('by api_key takes the key in the header that the resource names', async () => {
    await engine.setVariable('f/t/key', SECRET, { secret: true })
    const value = { api_key_header: 'X-Api-Key', api_key_secret: '$var:f/t/key' }
    const path = await resource('api_key', value)
    await trigger('keyed', { authentication_method: 'api_key', authentication_resource_path: path })
    const by = (headers: Record<string, string>) => () => call('keyed', { body: '{}', headers })
    expect(
      await refused(by({}), by({ 'X-Api-Key': 'x' }), by({ 'X-Api-Key': `${SECRET}.` })),
    ).toEqual([401, 401, 401])
    expect((await by({ 'x-api-key': SECRET })()).status).toBe(200)
  })

  it('by basic_http takes the name and the password', async () => {
    const path = await resource('basic', { username: 'ada', password: 'love:lace' })
    await trigger('basic', {
      authentication_method: 'basic_http',
      authentication_resource_path: path,
    })
    const by = (credentials: string) => () =>
      call('basic', {
        body: '{}',
        headers: { Authorization: `Basic ${Buffer.from(credentials).toString('base64')}` },
      })
    const none = () => call('basic', { body: '{}' })
    expect(await refused(none, by('ada:'), by('eve:love:lace'), by('ada'))).toEqual([
      401, 401, 401, 401,
    ])
    expect((await none()).headers.get('www-authenticate')).toMatch(/^Basic realm=/)
    expect((await by('ada:love:lace')()).status).toBe(200)
  })

  const push = JSON.stringify({
    ref: 'refs/heads/main',
    after: '1481a2de7b2a7d02428ad93446ab166be7793fbb',
    repository: { full_name: 'octo/hello', clone_url: 'https://github.com/octo/hello.git' },
    commits: [{ added: [], modified: ['specs/001-hello/tasks.md'], removed: [] }],
  })
  const hmac = (text: string, algorithm = 'sha256', secret = SECRET) =>
    createHmac(algorithm, secret).update(text).digest()

  it('by signature takes what GitHub sends, as it sends it', async () => {
    const path = await resource('github', { signature_provider: 'Github', secret_key: SECRET })
    await trigger('github', {
      authentication_method: 'signature',
      authentication_resource_path: path,
    })
    const by =
      (signature: string | undefined, body = push, type = 'application/json') =>
      () =>
        call('github', {
          body,
          headers: {
            'Content-Type': type,
            'User-Agent': 'GitHub-Hookshot/044aadd',
            'X-GitHub-Delivery': '72d3162e-cc78-11e3-81ab-4c9367dc0958',
            'X-GitHub-Event': 'push',
            ...(signature && { 'X-Hub-Signature-256': signature }),
          },
        })
    const right = `sha256=${hmac(push).toString('hex')}`
    expect(
      await refused(
        by(undefined),
        by(`sha256=${hmac(push, 'sha256', 'other').toString('hex')}`),
        by(right, `${push} `),
        by(hmac(push).toString('hex')),
        by('sha256='),
      ),
    ).toEqual([400, 401, 401, 401, 401])
    expect((await by(undefined)()).json).toEqual({ error: 'missing header X-Hub-Signature-256' })
    expect((await by('sha256=0')()).json).toEqual({ error: 'signature invalid' })
    const { status, json } = await by(right)()
    expect([status, json]).toEqual([200, { ...JSON.parse(push), raw_string: push }])
    // Its other content type: the same JSON in a form, signed as the form it is.
    const form = new URLSearchParams({ payload: push }).toString()
    const signed = `sha256=${hmac(form).toString('hex')}`
    const answer = await by(signed, form, 'application/x-www-form-urlencoded')()
    expect(answer.json).toEqual({ payload: push, raw_string: form })
  })

  it.each<[string, object, (body: string) => Record<string, string>]>([
    [
      'Slack',
      {},
      (body) => ({
        'X-Slack-Request-Timestamp': '1531420618',
        'X-Slack-Signature': `v0=${hmac(`v0:1531420618:${body}`).toString('hex')}`,
      }),
    ],
    [
      'Stripe',
      {},
      (body) => ({
        'Stripe-Signature': `t=1614556800,v1=${hmac(`1614556800.${body}`).toString('hex')}`,
      }),
    ],
    [
      'TikTok',
      {},
      (body) => ({
        'TikTok-Signature': `t=1633174587,s=${hmac(`1633174587.${body}`).toString('hex')}`,
      }),
    ],
    [
      'Custom',
      { algorithm: 'sha1', encoding: 'hex', signature_header_name: 'X-Signature' },
      (body) => ({ 'X-Signature': hmac(body, 'sha1').toString('hex') }),
    ],
    [
      'Custom',
      {
        algorithm: 'sha512',
        encoding: 'base64',
        signature_header_name: 'X-Signature',
        signature_prefix: 'v1,',
      },
      (body) => ({ 'X-Signature': `v1,${hmac(body, 'sha512').toString('base64')}` }),
    ],
    [
      'Custom',
      { algorithm: 'sha256', encoding: 'base64uri', signature_header_name: 'X-Signature' },
      (body) => ({
        'X-Signature': hmac(body).toString('base64').replaceAll('+', '-').replaceAll('/', '_'),
      }),
    ],
  ])('by signature takes what %s signs %j', async (signature_provider, config, sign) => {
    const path = await resource('signed', {
      signature_provider,
      secret_key: SECRET,
      ...(Object.keys(config).length > 0 && { authentication_config: config }),
    })
    await trigger('signed', {
      authentication_method: 'signature',
      authentication_resource_path: path,
    })
    expect((await call('signed', { body: push, headers: sign(push) })).status).toBe(200)
    expect(
      await refused(
        () => call('signed', { body: push, headers: sign(`${push} `) }),
        () => call('signed', { body: push }),
      ),
    ).toEqual([401, 400])
  })

  it.each<[string, string, object | null, RegExp]>([
    ['is not there', 'api_key', null, /resource f\/t\/gone does not exist/],
    ['is of another method', 'api_key', { username: 'a', password: 'b' }, /api_key_header/],
    [
      'has an empty secret',
      'signature',
      { signature_provider: 'Github', secret_key: '' },
      /secret_key/,
    ],
    [
      'does not say how',
      'signature',
      { signature_provider: 'Custom', secret_key: 's' },
      /is needed/,
    ],
    ['names another', 'signature', { signature_provider: 'Zoom', secret_key: 's' }, /Github/],
  ])('by a resource that %s lets nobody in', async (_, method, value, why) => {
    const path = value ? await resource('unsound', value) : 'f/t/gone'
    await trigger('unsound', { authentication_method: method, authentication_resource_path: path })
    const headers = { 'X-Hub-Signature-256': `sha256=${hmac('{}', 'sha256', '').toString('hex')}` }
    expect(await refused(() => call('unsound', { body: '{}', headers }))).toEqual([500])
    expect(logged()).toMatch(why)
  })

  it('leaves no secret in the log', () => expect(logged()).not.toContain(SECRET))
})

describe('a file that cannot be followed', () => {
  it.each<[object, RegExp]>([
    [{ is_static_website: true }, /is_static_website is not supported/],
    [{ request_type: 'sync_sse' }, /request_type sync_sse is not supported/],
    [{ authentication_method: 'custom_script' }, /custom_script is not supported/],
    [{ retry: { constant: { attempts: 1 } } }, /retry is not supported/],
    [{ mode: 'suspended' }, /mode suspended is not supported/],
    [{ route_path: '/bad' }, /route_path must be made of/],
    [{ http_method: 'head' }, /http_method must be one of/],
    [{ wrap_bdy: true }, /wrap_bdy is not known: did you mean wrap_body/],
    [{ route_path: 'plain' }, /route_path is taken: f\/t\/plain has POST plain too/],
  ])('such as %j is told in the log, and answered 404', async (fields, why) => {
    await trigger('unfit', { route_path: 'unfit', ...fields })
    expect((await call('unfit', { body: '{}' })).status).toBe(404)
    expect(logged()).toMatch(why)
    expect((await call('plain', { body: '{}' })).status).toBe(200)
  })

  it('is none where it is only switched off', async () => {
    await trigger('unfit', { mode: 'disabled' })
    expect((await call('unfit', { body: '{}' })).status).toBe(404)
  })

  it('for a flow that is not there says so', async () => {
    await trigger('unfit', { script_path: 'f/t/ehco' })
    expect((await call('unfit', { body: '{}' })).text).toMatch(/did you mean f\/t\/echo/)
  })
})

it('a route with a name goes before one with a parameter, and that before a rest', () => {
  const routes = ['*all', ':a/:b', ':a/list', 'x/:b', 'x/list', 'x/*rest']
  const triggers = routes.map((route_path) => ({ route_path, http_method: 'get' }) as HttpTrigger)
  const at = (path: string) => matchRoute(triggers, 'w', 'get', path.split('/'))?.trigger.route_path
  expect(['x/list', 'x/1', 'y/list', 'y/1', 'x/1/2', 'y/1/2', 'y'].map(at)).toEqual([
    'x/list',
    'x/:b',
    ':a/list',
    ':a/:b',
    'x/*rest',
    '*all',
    '*all',
  ])
})

it('those with a role still need a token for all else', async () => {
  expect((await as('nobody').get('/jobs/list')).status).toBe(401)
})
