import { expect, test } from 'vitest'
import { stringify } from 'yaml'
import { engineUnderTest } from '../../../scripts/local-windmill/engine-under-test.ts'
import { code } from '../../../scripts/local-windmill/workspace-folder.ts'
import { eventually, type Json, testApi } from '../../../support/api.ts'

const { engine, folder } = await engineUnderTest()
const flow = (name: string, modules: object[], rest: object = {}) =>
  folder.file(
    `f/devgodzilla/${name}__flow/flow.yaml`,
    stringify({ summary: `Flow ${name}`, ...rest, value: { modules } }),
  )
const integer = { type: 'integer', minimum: 1 }
await flow(
  'complete_sprint',
  [
    code('say', 'export async function main(n: number) { console.log("hello"); return n * 2 }', {
      n: '=flow_input.sprint_id',
    }),
  ],
  {
    schema: {
      type: 'object',
      properties: { sprint_id: integer, carry_over_to: { type: 'string', default: 'backlog' } },
      required: ['sprint_id'],
    },
  },
)
await flow('execute_protocol', [
  {
    id: 'each',
    summary: 'Each of them',
    value: {
      type: 'forloopflow',
      iterator: { type: 'static', value: [1, 2] },
      skip_failures: false,
      modules: [code('inner', 'export async function main() { console.log("round"); return 1 }')],
    },
  },
  code('fails', 'export async function main() { throw new Error("no such run") }'),
])
await flow('reconcile_specs', [
  code(
    'ask',
    `export async function main() {
      return { description: 'Shall it go on?', default_args: { note: 'fine' } }
    }`,
    {},
    {
      summary: 'Ask somebody',
      suspend: {
        required_events: 1,
        resume_form: { schema: { type: 'object', properties: { note: { type: 'string' } } } },
      },
    },
  ),
  code('after', 'export async function main(note: string) { return note }', {
    note: '=resume.note',
  }),
])
await flow('sprint_from_protocol', [
  code('wait', 'export async function main() { await new Promise((ok) => setTimeout(ok, 60000)) }'),
])
await folder.flow('elsewhere', {
  modules: [code('a', 'export async function main() { return "secret" }')],
})

const api = await testApi({ windmillUrl: engine.url, windmillToken: 'admin' })
const tokenOf = async (role: string) =>
  (await api.post('/tokens', { name: `flow ${role}`, role })).body.secret as string
const viewer = { token: await tokenOf('viewer') }

const start = async (name: string, args: object = {}) => {
  const answer = await api.post('/flow-runs', { path: `f/devgodzilla/${name}`, args })
  expect(answer).toMatchObject({ status: 201 })
  return answer.body.job_id as string
}
const until = async (job: string, ...states: string[]): Promise<Json> =>
  (
    await eventually(
      () => api.get(`/flow-runs/${job}`),
      ({ body }) => states.includes(body.state),
    )
  ).body

test('a flow is started, told of, listed, and read with its steps, its log and its result', async () => {
  const job = await start('complete_sprint', { sprint_id: 21 })
  const run = await until(job, 'completed')
  expect(run).toMatchObject({
    path: 'f/devgodzilla/complete_sprint',
    args: { sprint_id: 21 },
    result: 42,
    error: null,
    steps: [{ id: 'say', kind: 'rawscript', state: 'completed', attempts: 1 }],
  })
  expect(run.steps[0].completed_at >= run.steps[0].started_at).toBe(true)
  const log = await api.get(`/flow-runs/${run.steps[0].job_id}/logs`)
  expect(log.body).toMatchObject({ text: expect.stringContaining('hello'), completed: true })
  const rest = await api.get(
    `/flow-runs/${run.steps[0].job_id}/logs?offset=${log.body.next_offset}`,
  )
  expect(rest.body.text).toBe('')
  const listed = await api.get('/flow-runs?path=f/devgodzilla/complete_sprint&state=completed')
  expect(listed.body.items).toMatchObject([{ job_id: job, state: 'completed' }])
  const told = await api.get('/events?type=flow.started&limit=1000')
  expect(told.body.items.at(-1)).toMatchObject({ actor: 'admin', payload: { job_id: job } })
})

test('arguments that the flow does not take are named beside their fields, and nothing begins', async () => {
  const path = 'f/devgodzilla/complete_sprint'
  const before = (await api.get('/flow-runs')).body.items.length
  const wrong = await api.post('/flow-runs', { path, args: { sprint_id: 'four' } })
  expect(wrong).toMatchObject({
    status: 422,
    body: { rule: 'windmill_accepts', errors: [{ field: 'args.sprint_id' }] },
  })
  const none = await api.post('/flow-runs', { path, args: {} })
  expect(none.body.errors).toMatchObject([{ field: 'args.sprint_id', message: 'is required' }])
  const secret = await api.post('/flow-runs', {
    path,
    args: { sprint_id: 1, carry_over_to: { deep: ['$var:f/devgodzilla/api_token'] } },
  })
  expect(secret).toMatchObject({
    status: 422,
    body: { rule: 'arguments_are_values', errors: [{ field: 'args.carry_over_to' }] },
  })
  const other = await api.post('/flow-runs', { path: 'f/t/elsewhere', args: {} })
  expect(other).toMatchObject({ status: 422, body: { errors: [{ field: 'path' }] } })
  expect((await api.get('/flow-runs')).body.items).toHaveLength(before)
})

test('a repeat with its Idempotency-Key is the same job, told once', async () => {
  const request = { path: 'f/devgodzilla/complete_sprint', args: { sprint_id: 5 } }
  const keyed = { headers: { 'Idempotency-Key': 'one-run' } }
  const first = await api.post('/flow-runs', request, keyed)
  const second = await api.post('/flow-runs', request, keyed)
  expect(second.body).toEqual(first.body)
  const told = await api.get('/events?type=flow.started&limit=1000')
  const ofIt = told.body.items.filter((it: Json) => it.payload.job_id === first.body.job_id)
  expect(ofIt).toHaveLength(1)
})

test('a failed run says why and where, its rounds are runs of their own, and it can be started again', async () => {
  const job = await start('execute_protocol')
  const run = await until(job, 'failed')
  expect(run.error).toMatchObject({ message: expect.stringContaining('no such run') })
  const [each, fails] = run.steps
  expect(each).toMatchObject({
    summary: 'Each of them',
    parts: [{ success: true }, { success: true }],
    parts_total: 2,
  })
  expect(fails.state).toBe('failed')
  const round = await api.get(`/flow-runs/${each.parts[1].job_id}`)
  expect(round.body.steps).toMatchObject([{ id: 'inner', state: 'completed' }])
  const part = await api.post(`/flow-runs/${each.parts[1].job_id}/actions/retry`)
  expect(part).toMatchObject({ status: 409, body: { rule: 'flow_runs_are_whole' } })
  const again = await api.post(`/flow-runs/${job}/actions/retry`)
  expect(again.status).toBe(200)
  expect(again.body.job_id).not.toBe(job)
  await until(again.body.job_id, 'failed')
})

test('an approval is given with what its form asks for, or refused, and is told of', async () => {
  const job = await start('reconcile_specs')
  const waiting = await until(job, 'waiting')
  expect(waiting.approval).toMatchObject({
    step: 'Ask somebody',
    needed: 1,
    message: 'Shall it go on?',
    defaults: { note: 'fine' },
    form: { properties: { note: { type: 'string' } } },
    may_reject: true,
  })
  const listed = await api.get('/flow-runs?state=waiting')
  expect(listed.body.items).toMatchObject([{ job_id: job }])
  const approve = `/flow-runs/${job}/actions/approve`
  const secret = await api.post(approve, { payload: { note: '$var:f/devgodzilla/api_token' } })
  expect(secret).toMatchObject({ status: 422, body: { errors: [{ field: 'payload.note' }] } })
  const keyed = { headers: { 'Idempotency-Key': 'approved' } }
  const answer = await api.post(approve, { payload: { note: 'go' } }, keyed)
  expect(answer.status).toBe(200)
  expect(await until(job, 'completed')).toMatchObject({ result: 'go' })
  expect((await api.post(approve, { payload: { note: 'go' } }, keyed)).status).toBe(200)
  expect(await api.post(approve, { payload: {} })).toMatchObject({
    status: 409,
    body: { rule: 'flow_run_waits' },
  })

  const other = await start('reconcile_specs')
  await until(other, 'waiting')
  await api.post(`/flow-runs/${other}/actions/reject`, {})
  expect((await until(other, 'failed')).error.name).toBe('SuspendedDisapproved')
  const told = await api.get('/events?type=flow.answered')
  expect(told.body.items.map((it: Json) => it.payload.approved)).toEqual([true, false])
})

test('a run is cancelled with its reason; one that has ended is not', async () => {
  const job = await start('sprint_from_protocol')
  await until(job, 'running')
  const cancel = () => api.post(`/flow-runs/${job}/actions/cancel`, { reason: 'a mistake' })
  expect((await cancel()).status).toBe(200)
  expect(await until(job, 'cancelled')).toMatchObject({ cancel_reason: 'a mistake' })
  expect((await cancel()).status).toBe(200)
  const told = await api.get('/events?type=flow.cancelled')
  expect(told.body.items).toHaveLength(1)
  const done = await start('complete_sprint', { sprint_id: 1 })
  await until(done, 'completed')
  const late = await api.post(`/flow-runs/${done}/actions/cancel`, {})
  expect(late).toMatchObject({ status: 409, body: { rule: 'flow_run_is_open' } })
})

test('a viewer sees how runs fare, and neither what they were given nor what they answered', async () => {
  const job = await start('complete_sprint', { sprint_id: 3 })
  await until(job, 'completed')
  const seen = await api.get(`/flow-runs/${job}`, viewer)
  expect(seen.body).toMatchObject({
    state: 'completed',
    withheld: true,
    args: null,
    result: null,
    steps: [{ state: 'completed' }],
  })
  expect((await api.get(`/flow-runs/${job}/logs`, viewer)).status).toBe(403)
})

test('jobs of other folders are not there, and ids are looked at before anybody is asked', async () => {
  const foreign = await fetch(`${engine.url}/api/w/devgodzilla/jobs/run/f/f/t/elsewhere`, {
    method: 'POST',
    headers: { Authorization: 'Bearer admin' },
  })
  const job = await foreign.text()
  expect((await api.get(`/flow-runs/${job}`)).status).toBe(404)
  expect((await api.get(`/flow-runs/${job}/logs`)).status).toBe(404)
  expect((await api.post(`/flow-runs/${job}/actions/cancel`, {})).status).toBe(404)
  const paths = (await api.get('/flow-runs')).body.items.map((it: Json) => it.path)
  expect(paths.filter((path: string) => !path.startsWith('f/devgodzilla/'))).toEqual([])
  expect((await api.get('/flow-runs/..%2F..%2Fvariables')).status).toBe(422)
  expect((await api.get('/flow-runs?path=f/t/elsewhere')).status).toBe(422)
})

test('a list goes on behind its last run until all were shown', async () => {
  const all = (await api.get('/flow-runs')).body.items.map((it: Json) => it.job_id)
  const seen: string[] = []
  let cursor: string | null = ''
  while (cursor !== null) {
    const at: string = cursor ? `&cursor=${encodeURIComponent(cursor)}` : ''
    const { body } = await api.get(`/flow-runs?limit=3${at}`)
    seen.push(...body.items.map((it: Json) => it.job_id))
    cursor = body.next_cursor
  }
  expect([...new Set(seen)].sort()).toEqual([...all].sort())
})

test('flows that can be started come with the schema of what they ask for', async () => {
  const { body } = await api.get('/flows', viewer)
  expect(body.items.map((it: Json) => it.path)).toContain('f/devgodzilla/complete_sprint')
  const complete = body.items.find((it: Json) => it.path.endsWith('complete_sprint'))
  expect(complete).toMatchObject({
    summary: 'Flow complete_sprint',
    schema: { required: ['sprint_id'] },
  })
})

test('without a Windmill to ask, every verb says so with 502', async () => {
  const alone = await testApi({ windmillUrl: 'http://127.0.0.1:9' })
  const job = '11111111-1111-8111-8111-111111111111'
  const answers = await Promise.all([
    alone.get('/flows'),
    alone.get('/flow-runs'),
    alone.get(`/flow-runs/${job}`),
    alone.post('/flow-runs', { path: 'f/devgodzilla/reconcile_specs' }),
    alone.post(`/flow-runs/${job}/actions/cancel`, {}),
  ])
  for (const answer of answers) {
    expect(answer).toMatchObject({
      status: 502,
      body: {
        code: 'upstream',
        rule: 'windmill_answers',
        detail: expect.stringContaining('127.0.0.1:9'),
      },
    })
  }
})
