import { createHmac } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect } from 'vitest'
import { JobService, type NewHttpTrigger, ScheduleService } from 'windmill-client'
import { code, step } from '../support/modules.ts'
import { rule, server, taken } from '../support/rule.ts'
import { call, ended } from '../support/runs.ts'
import { effect, fail, slow } from '../support/scripts.ts'
import { flow, httpTrigger, resource, schedule, variable, workspace } from '../support/workspace.ts'

const SECRET = 'It is a secret to everybody'
const secret = variable('hook_secret', SECRET, true)
/** Answers its arguments, as an empty flow does. */
const echoing = flow({ modules: [] })

/** A route below the suite's own name, in the server's workspace alone. */
function route(name: string, rest: Partial<NewHttpTrigger> = {}) {
  const path = httpTrigger(`hook_${name.replace(/\W/g, '_')}`, {
    ...{ script_path: echoing, is_flow: true, route_path: `${workspace.folder}/${name}` },
    ...{ http_method: 'post', request_type: 'sync', authentication_method: 'none' },
    ...{ is_static_website: false, workspaced_route: true, wrap_body: false, raw_string: false },
    ...rest,
  })
  return (called = name) => {
    taken(path)
    return `${server().url}/api/r/${server().workspace}/${workspace.folder}/${called}`
  }
}

const older = { since: '1.577.0', how: 'HTTP triggers are made of other fields there' }
const routeRule = (says: string, holds: () => Promise<void>) => rule(says, holds, [older])

describe('an HTTP trigger', () => {
  const plain = route('plain')
  routeRule('answers the result of its flow', async () => {
    const { status, json } = await call('POST', plain(), { body: { n: 1 } })
    expect({ status, json }).toEqual({ status: 200, json: { n: 1 } })
  })
  routeRule('answers 404 to other routes and methods', async () => {
    expect((await call('POST', plain('nowhere'), { body: {} })).status).toBe(404)
    expect((await call('GET', plain())).status).toBe(404)
  })

  const later = route('later', { request_type: 'async' })
  routeRule('answers the id of the job where it is async', async () => {
    const { text } = await call('POST', later(), { body: { n: 2 } })
    expect((await ended(text.replaceAll('"', ''))).result).toEqual({ n: 2 })
  })

  const wrapped = route('wrapped', { wrap_body: true, raw_string: true })
  routeRule('wraps the body and adds its text where it is told to', async () => {
    const { json } = await call('POST', wrapped(), { body: { n: 3 } })
    expect(json).toEqual({ body: { n: 3 }, raw_string: '{"n":3}' })
  })

  const event = flow({
    preprocessor_module: code(
      'preprocessor',
      `export async function preprocessor(event: any) {
         const { kind, method, params, query, body } = event
         return { kind, method: method.toLowerCase(), params, query, body }
       }`,
    ),
    modules: [step('a', effect, { name: 'a', value: '=flow_input' })],
  })
  const items = route('items/:id', { script_path: event, http_method: 'put' })
  routeRule('tells a preprocessor of its path, query and body', async () => {
    const { json } = await call('PUT', items('items/7'), { body: { n: 4 }, query: { q: 'x' } })
    expect(json).toEqual({
      ...{ kind: 'http', method: 'put', params: { id: '7' }, query: { q: 'x' }, body: { n: 4 } },
    })
  })

  const authenticated = (
    name: string,
    authentication_method: 'api_key' | 'basic_http' | 'signature',
    value: object,
  ) =>
    route(name, {
      ...{ authentication_method, authentication_resource_path: resource(`door_${name}`, value) },
    })
  const statusOf = async (address: string, headers: Record<string, string>, body = '{"n":5}') =>
    (await call('POST', address, { body, headers })).status

  const windmill = route('windmill', { authentication_method: 'windmill' })
  routeRule('by windmill takes a token of the server', async () => {
    const { token } = server()
    expect(await statusOf(windmill(), { Authorization: `Bearer ${token}` })).toBe(200)
    expect(await statusOf(windmill(), { Authorization: 'Bearer wrong' })).toBe(401)
    expect(await statusOf(windmill(), {})).toBe(401)
  })

  const keyed = authenticated('keyed', 'api_key', {
    ...{ api_key_header: 'X-Api-Key', api_key_secret: `$var:${secret}` },
  })
  routeRule('by api_key takes the key alone', async () => {
    expect(await statusOf(keyed(), { 'X-Api-Key': SECRET })).toBe(200)
    expect(await statusOf(keyed(), { 'X-Api-Key': 'wrong' })).toBe(401)
    expect(await statusOf(keyed(), {})).toBe(401)
  })

  const basic = authenticated('basic', 'basic_http', {
    username: 'ada',
    password: `$var:${secret}`,
  })
  routeRule('by basic_http takes the name and password alone', async () => {
    const as = (password: string) => ({
      Authorization: `Basic ${Buffer.from(`ada:${password}`).toString('base64')}`,
    })
    expect(await statusOf(basic(), as(SECRET))).toBe(200)
    expect(await statusOf(basic(), as('wrong'))).toBe(401)
    expect(await statusOf(basic(), {})).toBe(401)
  })

  const sign = (body: string, key = SECRET) => createHmac('sha256', key).update(body).digest('hex')
  const github = authenticated('github', 'signature', {
    ...{ signature_provider: 'Github', secret_key: `$var:${secret}` },
  })
  routeRule('by signature takes what GitHub signs', async () => {
    const signed = (body: string, key?: string) => ({
      'X-Hub-Signature-256': `sha256=${sign(body, key)}`,
    })
    expect(await statusOf(github(), signed('{"n":5}'))).toBe(200)
    for (const headers of [signed('{"n":6}'), signed('{"n":5}', 'wrong'), {}]) {
      expect(await statusOf(github(), headers)).toBeGreaterThanOrEqual(400)
    }
  })

  const custom = authenticated('custom', 'signature', {
    ...{ signature_provider: 'Custom', secret_key: `$var:${secret}` },
    authentication_config: {
      ...{ algorithm: 'sha256', encoding: 'hex', signature_header_name: 'X-Signed' },
      signature_prefix: 'v1=',
    },
  })
  routeRule('by signature takes what a sender of one’s own signs', async () => {
    expect(await statusOf(custom(), { 'X-Signed': `v1=${sign('{"n":5}')}` })).toBe(200)
    expect(await statusOf(custom(), { 'X-Signed': sign('other') })).toBeGreaterThanOrEqual(400)
  })

  const failing = flow({ modules: [step('a', fail, { why: 'no' })] })
  const broken = route('broken', { script_path: failing })
  routeRule('answers 500 and the error where its flow fails', async () => {
    const { status, json } = await call('POST', broken(), { body: {} })
    expect({ status, json }).toMatchObject({ status: 500, json: { error: { message: 'no' } } })
  })
})

describe('a schedule', () => {
  const often = { schedule: '* * * * * *', timezone: 'Europe/Berlin', is_flow: true }
  const off = { ...often, enabled: false, args: {} }

  const ticking = flow({ modules: [step('a', effect, { name: 'a', value: '=flow_input.who' })] })
  const tick = schedule('tick', { ...off, script_path: ticking, args: { who: 'clock' } })
  const silent = flow({ modules: [step('a', effect, { name: 'a' })] })
  schedule('silent', { ...off, script_path: silent })
  rule('that is on starts its flow when it is due, with its arguments; no other does', async () => {
    const [job] = await whileOn(tick, () => runsOf(ticking, 1))
    expect(await ended(job?.id ?? '')).toMatchObject({ success: true, result: 'clock' })
    expect(job?.schedule_path).toBe(tick)
    expect(await jobsOf(silent)).toEqual([])
  })

  const long = flow({ modules: [step('a', slow, { name: 'a', seconds: 1.5 })] })
  const alone = schedule('alone', { ...off, script_path: long, no_flow_overlap: true })
  rule('does not start a flow that still runs, where no_flow_overlap says so', async () => {
    const runs = await whileOn(alone, () => runsOf(long, 2))
    const [first, second] = runs
      .map(({ started_at = '', completed_at = '' }) => [started_at, completed_at].map(Date.parse))
      .sort(([a = 0], [b = 0]) => a - b)
    expect(second?.[0]).toBeGreaterThanOrEqual(first?.[1] ?? Number.POSITIVE_INFINITY)
  })
})

async function whileOn<T>(path: string, work: () => Promise<T>): Promise<T> {
  const { workspace } = server()
  taken(path)
  const turn = (enabled: boolean) =>
    ScheduleService.setScheduleEnabled({ workspace, path, requestBody: { enabled } })
  await turn(true)
  try {
    return await work()
  } finally {
    await turn(false)
  }
}

type Listed = {
  id: string
  schedule_path?: string
  started_at?: string
  completed_at?: string
  is_skipped?: boolean
}

async function jobsOf(scriptPathExact: string): Promise<Listed[]> {
  const { workspace } = server()
  return (await JobService.listJobs({ workspace, scriptPathExact })) as Listed[]
}

/** The first runs that were not skipped, once there are so many. */
async function runsOf(path: string, count: number): Promise<Listed[]> {
  for (;;) {
    const jobs = await jobsOf(path)
    const runs = jobs.filter(({ completed_at, is_skipped }) => completed_at && !is_skipped)
    if (runs.length >= count) return runs.slice(-count)
    await sleep(200)
  }
}
