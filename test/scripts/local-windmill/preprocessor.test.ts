import { beforeAll, describe, expect, it } from 'vitest'
import { engineUnderTest } from './engine-under-test.ts'
import { code, step } from './workspace-folder.ts'

const { folder, api } = await engineUnderTest()

beforeAll(async () => {
  await folder.script('echo', 'export function main(value: unknown) { return value }')
})

/** A flow that answers its arguments, behind a preprocessor with this code. */
async function flowWith(name: string, preprocessor: string, rest: object = {}, schema?: object) {
  const value = {
    preprocessor_module: code('preprocessor', preprocessor, {}, rest),
    modules: [step('a', 'echo', { value: '=flow_input' })],
  }
  await folder.flow(name, value, schema && { schema })
}

const run = (name: string, body: unknown, query = '') =>
  api.post(`/jobs/run_wait_result/f/f/t/${name}${query}`, body)

describe('a flow with a preprocessor', () => {
  it('is given what the preprocessor makes of the webhook', async () => {
    await flowWith('made', 'export async function preprocessor(event: any) { return event }')
    const query = '?include_header=Content-Type,X-None&include_query=a&a=1&b=2&raw=true'
    expect((await run('made', { x: 1 }, query)).json).toEqual({
      kind: 'webhook',
      body: { x: 1 },
      raw_string: '{"x":1}',
      headers: { content_type: 'application/json', x_none: null },
      query: { a: '1' },
    })
    expect((await run('made', [1])).json).toMatchObject({ body: [1], raw_string: null, query: {} })
  })

  it('shows the preprocessor before its modules, and then the arguments that were made', async () => {
    await flowWith(
      'shown',
      'export function preprocessor(event) { return { n: event.body.n + 1 } }',
    )
    const job = await api.ended(await api.start('shown', { n: 1 }))
    expect(job).toMatchObject({ success: true, args: { n: 2 }, result: { n: 2 } })
    expect(job.flow_status).toMatchObject({ preprocessor_module: { type: 'Success' }, step: 1 })
  })

  it.each([
    ['nothing is no arguments', 'null', {}],
    ['anything but an object is called value', '[event.kind]', { value: ['webhook'] }],
  ])('whose answer is %s', async (name, answer, args) => {
    const flow = name.replaceAll(' ', '-')
    await flowWith(flow, `export function preprocessor(event) { return ${answer} }`)
    expect((await run(flow, {})).json).toEqual(args)
  })

  it('runs without it where skip_preprocessor says so, and as a sub-flow', async () => {
    await flowWith('skipping', 'export function preprocessor() { throw new Error("ran") }')
    expect((await run('skipping', { x: 1 }, '?skip_preprocessor=true')).json).toEqual({ x: 1 })
    const input_transforms = { x: { type: 'static', value: 2 } }
    const value = { type: 'flow', path: 'f/t/skipping', input_transforms }
    await folder.flow('around', { modules: [{ id: 'x', value }] })
    expect((await run('around', {})).json).toEqual({ x: 2 })
  })

  it('fails with it, after its retries; the failure module sees the error', async () => {
    const preprocessor_module = code(
      'preprocessor',
      'export function preprocessor() { throw new TypeError("bad event") }',
      {},
      { retry: { constant: { attempts: 1, seconds: 0 } } },
    )
    await folder.flow('failing', {
      preprocessor_module,
      modules: [step('a', 'echo', { value: 'ran' })],
      failure_module: step('failure', 'echo', { value: '=error' }),
    })
    const job = await api.ended(await api.start('failing'))
    expect(job).toMatchObject({
      success: false,
      result: { name: 'TypeError', message: 'bad event' },
    })
    expect(job.flow_status).toMatchObject({
      preprocessor_module: { type: 'Failure', fail_count: 1 },
      modules: [{ type: 'WaitingForPriorSteps' }],
    })
  })

  it('checks what was made as if a caller had sent it', async () => {
    const schema = { properties: { n: { type: 'integer' } }, required: ['n'] }
    const source = 'export function preprocessor(event) { return event.body }'
    await flowWith('checked', source, {}, schema)
    expect((await run('checked', { n: 3 })).json).toEqual({ n: 3 })
    expect((await run('checked', { n: 'x' })).json).toMatchObject({
      error: { name: 'BadRequest', message: expect.stringContaining('argument n must be integer') },
    })
  })

  it('hands no reference on that came from outside, and takes no resource spelled out', async () => {
    const schema = { properties: { api: { type: 'object', format: 'resource-api' }, s: {} } }
    const source = 'export function preprocessor(event) { return event.body }'
    await flowWith('guarded', source, {}, schema)
    for (const body of [{ s: '$var:f/t/key' }, { api: '$res:f/t/api' }, { api: { url: 'x' } }]) {
      expect((await run('guarded', body)).json).toMatchObject({ error: { name: 'Forbidden' } })
    }
  })
})

describe('a script with a preprocessor', () => {
  it('is called with what it makes of the webhook', async () => {
    await folder.script(
      'both',
      `export async function preprocessor(event: { body: { n: number } }) { return { n: event.body.n + 1 } }
       export async function main(n: number) { return n * 10 }`,
    )
    expect((await api.script('both', { n: 1 })).json).toBe(20)
    const path = '/jobs/run_wait_result/p/f/t/both?skip_preprocessor=true'
    expect((await api.post(path, { n: 1 })).json).toBe(10)
  })
})

it.each<[string, object]>([
  ['must have the id preprocessor', { preprocessor_module: step('p', 'echo') }],
  [
    'must be a script or rawscript',
    { preprocessor_module: { id: 'preprocessor', value: { type: 'identity' } } },
  ],
])('refuses a preprocessor that %s', async (what, value) => {
  await folder.flow('refused', { modules: [], ...value })
  const answer = await api.flow('refused')
  expect([answer.status, answer.text]).toEqual([400, expect.stringContaining(what)])
})
