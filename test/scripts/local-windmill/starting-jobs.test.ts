import { randomUUID } from 'node:crypto'
import { beforeAll, describe, expect, it } from 'vitest'
import { engineUnderTest } from './engine-under-test.ts'
import { code, step } from './workspace-folder.ts'

const { folder, api, as, engine, database } = await engineUnderTest({ bodyBytes: 10_000 })
const url = `${engine.url}/api/w/devgodzilla`

beforeAll(async () => {
  await folder.script('echo', 'export function main(value: unknown) { return value }')
  await folder.flow('echo_flow', {
    modules: [step('a', 'echo', { value: '=flow_input' })],
  })
})

async function jobCount(): Promise<number> {
  const [row] = await database.sql<{ n: number }[]>`select count(*)::int as n from windmill.jobs`
  return row?.n ?? 0
}

describe('a job', () => {
  it('starts without waiting and tells its state, its result and its root', async () => {
    await folder.flow('slow', {
      modules: [
        code('a', 'export async function main() { await new Promise((d) => setTimeout(d, 300)) }'),
        step('b', 'echo', { value: 'end' }),
      ],
    })
    const id = await api.start('slow')
    expect(id).toMatch(/^[0-9a-f-]{36}$/)
    const running = await api.until(id, (job) => job.flow_status?.modules[0]?.type === 'InProgress')
    expect(running).toMatchObject({ type: 'QueuedJob', running: true, script_path: 'f/t/slow' })
    expect(running.flow_status).toMatchObject({
      step: 0,
      modules: [{ id: 'a' }, { id: 'b', type: 'WaitingForPriorSteps' }],
    })
    const maybe = `/jobs_u/completed/get_result_maybe/${id}`
    expect((await api.get(maybe)).json).toEqual({ completed: false, started: true, result: null })
    expect((await api.get(`/jobs_u/completed/get_result/${id}`)).status).toBe(404)
    const ended = await api.ended(id)
    expect(ended).toMatchObject({ success: true, result: 'end', flow_status: { step: 2 } })
    expect((await api.get(maybe)).json).toEqual({
      completed: true,
      started: true,
      success: true,
      result: 'end',
    })
    const stepId = ended.flow_status?.modules[1]?.job ?? ''
    expect((await api.get(`/jobs_u/get_root_job_id/${stepId}`)).json).toBe(id)
    expect(await api.job(stepId)).toMatchObject({
      parent_job: id,
      is_flow_step: true,
      result: 'end',
    })
    const { json } = await api.get('/jobs/list?script_path_exact=f/t/slow')
    expect(json).toMatchObject([{ id, success: true }])
  })

  it('with a given id is started once, however often it is asked for', async () => {
    const id = randomUUID()
    const path = `/jobs/run/f/f/t/echo_flow?job_id=${id}`
    const answers = await Promise.all(Array.from({ length: 10 }, () => api.post(path, { n: 1 })))
    expect(new Set(answers.map(({ text, status }) => `${status} ${text}`))).toEqual(
      new Set([`201 ${id}`]),
    )
    await api.ended(id)
    const wait = await api.post(`/jobs/run_wait_result/f/f/t/echo_flow?job_id=${id}`, { n: 2 })
    expect(wait).toMatchObject({ status: 200, json: { n: 1 } })
    const other = await api.post(`/jobs/run/p/f/t/echo?job_id=${id}`, { value: 1 })
    expect(other).toMatchObject({ status: 409, text: expect.stringContaining(id) })
    expect((await api.post('/jobs/run/p/f/t/echo?job_id=7')).text).toContain(
      'job_id must be a UUID',
    )
  })

  it('may be put off', async () => {
    const id = await api.start('echo_flow', {}, '?scheduled_in_secs=1')
    await new Promise((done) => setTimeout(done, 300))
    expect(await api.job(id)).toMatchObject({ type: 'QueuedJob', running: false })
    await api.ended(id)
    expect((await api.post('/jobs/run/f/f/t/echo_flow?scheduled_in_secs=soon')).status).toBe(400)
  })

  it('may ask for headers, the whole body and its text', async () => {
    const path =
      '/jobs/run_wait_result/f/f/t/echo_flow?wrap_body=true&raw=true&include_header=content-type'
    expect((await api.post(path, '[1]')).json).toEqual({
      body: [1],
      raw_string: '[1]',
      content_type: 'application/json',
    })
  })

  it('may choose its own answer', async () => {
    const answer = {
      windmill_status_code: 418,
      windmill_content_type: 'text/plain',
      windmill_headers: { 'x-pot': 'tea' },
      result: 'short and stout',
    }
    const response = await fetch(`${url}/jobs/run_wait_result/p/f/t/echo?token=member`, {
      method: 'POST',
      body: JSON.stringify({ value: answer }),
    })
    expect([response.status, await response.text()]).toEqual([418, 'short and stout'])
    expect(response.headers.get('x-pot')).toBe('tea')
    expect(response.headers.get('content-type')).toBe('text/plain')
  })

  it('goes on with the flow as it was when it started', async () => {
    await folder.flow('changing', {
      modules: [
        code('a', 'export async function main() { await new Promise((d) => setTimeout(d, 300)) }'),
        step('b', 'echo', { value: 'old' }),
      ],
    })
    const id = await api.start('changing')
    await folder.flow('changing', { modules: [step('z', 'echo', { value: 'new' })] })
    expect((await api.ended(id)).result).toBe('old')
    expect((await api.flow('changing')).json).toBe('new')
  })
})

it('passes a body that is no object as the argument body', async () => {
  const { status, json } = await api.send('POST', '/jobs/run_wait_result/f/f/t/echo_flow', '[1]')
  expect([status, json]).toEqual([200, { body: [1] }])
})

describe('before it runs, a job is refused', () => {
  it('for a path that is not there, naming the nearest', async () => {
    const { status, text } = await api.flow('echo_flw')
    expect(status).toBe(404)
    expect(text).toContain('did you mean f/t/echo_flow?')
    expect((await api.script('ecko')).text).toContain('did you mean f/t/echo?')
    expect((await api.post('/jobs/run/p/f%2F..%2F..%2Fetc%2Fpasswd')).status).toBe(404)
  })

  it.each([
    ['{"a": 1', 400, /not valid JSON/],
    [`{"x":${'['.repeat(4000)}${']'.repeat(4000)}}`, 400, /nests deeper than 500/],
    [JSON.stringify({ x: 'x'.repeat(20_000) }), 413, /10000 bytes/],
  ])('for the body %.10s', async (body, status, message) => {
    const answer = await api.post('/jobs/run/f/f/t/echo_flow', body)
    expect(answer.status).toBe(status)
    expect(answer.text).toMatch(message)
  })

  it.each([
    [{}, 'argument n is required'],
    [{ n: null }, 'argument n is required'],
    [{ constructor: 1 }, 'argument n is required'],
    [{ n: '1' }, 'argument n must be integer, not string'],
    [{ n: 1.5 }, 'argument n must be integer, not number'],
    [{ n: 1, kind: 'c' }, 'argument kind must be one of a, b'],
    [{ n: 1, knd: 'a' }, 'argument knd is not known: did you mean kind?'],
    [{ n: 1, list: ['a', 2] }, 'argument list[1] must be string, not number'],
    [{ n: 1, when: 'soon' }, 'argument when must be a date and time'],
    [{ n: 1, api: 5 }, 'argument api must be object, not number'],
    [{ n: 1, deep: {} }, 'argument deep.x is required'],
  ])('for the arguments %j: %s', async (args, message) => {
    const schema = {
      type: 'object',
      required: ['n'],
      properties: {
        n: { type: 'integer' },
        kind: { type: 'string', enum: ['a', 'b'] },
        list: { type: 'array', items: { type: 'string' } },
        when: { type: 'string', format: 'date-time' },
        api: { type: 'object', format: 'resource-api' },
        deep: { type: 'object', required: ['x'], properties: { x: { type: 'number' } } },
      },
    }
    await folder.flow(
      'checked',
      { modules: [step('a', 'echo', { value: '=flow_input.n' })] },
      { schema },
    )
    await folder.script('checked', 'export function main(n: number) { return n }', { schema })
    const before = await jobCount()
    for (const answer of [await api.flow('checked', args), await api.script('checked', args)]) {
      expect(answer.status).toBe(400)
      expect(answer.text).toContain(message)
    }
    expect(await jobCount()).toBe(before)
    const fine = {
      n: 1,
      kind: 'a',
      list: [],
      when: '2025-01-01',
      api: '$res:f/t/x',
      deep: { x: 1 },
    }
    expect((await as('admin').flow('checked', fine)).json).toBe(1)
    // Where a resource leads is not for everyone to choose.
    for (const role of ['member', 'agent'] as const) {
      expect((await as(role).flow('checked', fine)).status).toBe(403)
    }
  })

  it.each<[string, object]>([
    [
      'module w would never end',
      { modules: [{ id: 'w', value: { type: 'whileloopflow', modules: [] } }] },
    ],
    ['aiagent', { modules: [{ id: 'w', value: { type: 'aiagent' } }] }],
    [
      'mock of module s uses failure',
      { modules: [step('s', 'echo', {}, { mock: { enabled: true, failure: 'x' } })] },
    ],
    [
      'mock of module s needs enabled to be true or false',
      { modules: [step('s', 'echo', {}, { mock: { enabled: 'yes' } })] },
    ],
    [
      'stop_after_all_iters_if of module s has no expr',
      { modules: [step('s', 'echo', {}, { stop_after_all_iters_if: {} })] },
    ],
    [
      'retry_if of module s has no expr',
      { modules: [step('s', 'echo', {}, { retry: { retry_if: {} } })] },
    ],
    [
      'early_return must be the id of a module of the flow itself, not "b"',
      { modules: [step('a', 'echo')], early_return: 'b' },
    ],
    ['skip_expr must be an expression', { modules: [], skip_expr: { expr: 'true' } }],
    ['flow_env is not a mapping', { modules: [], flow_env: 'x' }],
    ['debounce_delay_s', { modules: [], debounce_delay_s: 2 }],
    [
      'python3',
      { modules: [{ id: 'p', value: { type: 'rawscript', language: 'python3', content: '' } }] },
    ],
    ['an id that an earlier module has', { modules: [step('a', 'echo'), step('a', 'echo')] }],
    [
      'must be static or javascript, not "ai"',
      {
        modules: [
          {
            id: 'a',
            value: {
              type: 'script',
              path: 'f/t/echo',
              input_transforms: { value: { type: 'ai' } },
            },
          },
        ],
      },
    ],
    [
      'module a names script f/t/ecko, which does not exist (did you mean f/t/echo?)',
      { modules: [step('a', 'ecko')] },
    ],
    [
      'module s names flow f/t/none',
      { modules: [{ id: 's', value: { type: 'flow', path: 'f/t/none', input_transforms: {} } }] },
    ],
    ['no such thing', { modules: [step('a', 'echo', {}, { 'no such thing': 1 })] }],
    [
      'module w would never end',
      {
        modules: [
          {
            id: 'l',
            value: {
              type: 'forloopflow',
              iterator: { type: 'static', value: [] },
              modules: [{ id: 'w', value: { type: 'whileloopflow', modules: [] } }],
            },
          },
        ],
      },
    ],
  ])('for what the engine cannot do: %s', async (message, value) => {
    const before = await jobCount()
    await folder.flow('refused', value)
    const { status, text } = await api.flow('refused')
    expect(status).toBe(400)
    expect(text).toContain(message)
    await folder.flow('refused_around', {
      modules: [{ id: 's', value: { type: 'flow', path: 'f/t/refused', input_transforms: {} } }],
    })
    expect((await api.flow('refused_around')).text).toContain(message)
    expect(await jobCount()).toBe(before)
  })

  it('for a flow.yaml that is no YAML', async () => {
    await folder.file('f/t/torn__flow/flow.yaml', 'value: [')
    expect(await api.flow('torn')).toMatchObject({ status: 400 })
  })
})

it('warns in the log of what has no effect here', async () => {
  await folder.flow('warned', {
    same_worker: true,
    modules: [step('a', 'echo', { value: 1 }, { cache_ttl: 60 }), step('b', 'limited')],
  })
  await folder.script('limited', 'export function main() {}', { concurrent_limit: 1 })
  const id = await api.start('warned')
  await api.ended(id)
  expect(await api.logs(id)).toContain('same_worker of the flow has no effect here')
  expect(await api.logs(id)).toContain('cache_ttl of module a has no effect here')
  expect(await api.logs(id)).toContain('concurrent_limit of f/t/limited has no effect here')
})

it('says what it does not have', async () => {
  expect((await api.post('/jobs/run/h/abc')).status).toBe(501)
  expect((await api.get('/nothing/here')).text).toContain('/nothing/here is not part of')
  expect((await as('member').get(`/jobs_u/get/${randomUUID()}`)).status).toBe(404)
  expect((await as('member').get('/jobs_u/get/7')).status).toBe(400)
  const other = await fetch(`${engine.url}/api/w/other/jobs/list?token=member`)
  expect([other.status, await other.text()]).toEqual([
    404,
    expect.stringContaining('workspace other'),
  ])
})

it('refuses what the database cannot hold, instead of failing over it', async () => {
  const id = await api.start('echo_flow')
  const tries = [
    await api.post(`/jobs/flow/user_states/${id}/a%00b`, 1),
    await api.post(`/jobs/flow/user_states/${id}/a`, 'x\0'),
    await api.get('/jobs/list?script_path_exact=%00'),
    await api.get('/variables/get_value/f/t/a%00'),
    await as('admin').post('/variables/create', { path: 'f/t/nul', value: 'a\0' }),
    await as('admin').post('/resources/create', { path: 'f/t/nul', value: 1, resource_type: '\0' }),
  ]
  expect(tries.map(({ status }) => status)).toEqual(tries.map(() => 400))
  const odd = ['/%E0%A4%A', '/jobs_u/get/%', '/jobs/list?page=0', '/jobs/list?running=maybe']
  for (const path of odd) expect((await api.get(path)).status).toBeGreaterThanOrEqual(400)
  for (const path of odd) expect((await api.get(path)).status).toBeLessThan(500)
})
