import { expect, test } from 'vitest'
import { eventually } from '../../../support/api.ts'
import { checkedApi } from '../../support/checked-api.ts'
import { senderTo } from './support/sender.ts'
import { fakeWindmill } from './support/windmill.ts'

const windmill = await fakeWindmill()
const api = await checkedApi({ windmillUrl: windmill.url, sprintIntegration: true })
const { sql } = api.database
const { ours } = senderTo(api)
const project = await api.project({ slug: 'shop' })

const notice = { project: 'shop', spec_path: 'specs/001-shop', event: 'tasks_changed' }
const speckit = (body: unknown, options?: Parameters<typeof ours>[2]) =>
  ours('/webhooks/speckit', body, options)

const counts = async () => {
  const [row] = await sql`select (select count(*) from events) as events,
    (select count(*) from webhook_deliveries) as deliveries,
    (select count(*) from event_deliveries) as work`
  return row
}

test('a signed hook is acknowledged, and has the spec read again by a flow', async () => {
  const answer = await speckit({ ...notice, commit: 'abc' }, { id: 'msg_first' })
  expect(answer).toEqual({
    status: 202,
    body: {
      delivery_id: 'msg_first',
      outcome: 'accepted',
      detail: expect.any(String),
      specs: [{ project: 'shop', spec_path: 'specs/001-shop', job_id: expect.any(String) }],
    },
  })
  await api.settled()
  const jobId = answer.body.specs[0].job_id
  expect(windmill.started).toEqual([
    {
      path: 'f/devgodzilla/spec_to_tasks',
      jobId,
      args: { project_id: project.id, spec_path: 'specs/001-shop' },
    },
  ])
  const { items } = (await api.get('/events?type=webhook.received')).body
  expect(items).toMatchObject([
    {
      actor: 'webhook:speckit',
      project_id: project.id,
      payload: { told: 'tasks_changed', spec_path: 'specs/001-shop', job_id: jobId },
    },
  ])
})

test('a repeat answers what the first one did and starts nothing, even twenty at once', async () => {
  const before = windmill.started.length
  const answers = await Promise.all(
    Array.from({ length: 20 }, () => speckit(notice, { id: 'msg_twenty' })),
  )
  expect(answers.filter(({ status }) => status === 202)).toHaveLength(1)
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(19)
  for (const { body } of answers) expect(body).toEqual(answers[0]?.body)
  await api.settled()
  expect(windmill.started).toHaveLength(before + 1)
})

test('an id names one message: another body under it is refused', async () => {
  await speckit(notice, { id: 'msg_same' })
  const other = await speckit({ ...notice, spec_path: 'specs/002-till' }, { id: 'msg_same' })
  expect(other).toMatchObject({ status: 409, body: { rule: 'delivery_id_names_one_message' } })
})

test('the same id from another source is another delivery', async () => {
  const run = await api.run(project.id, [{ step_name: 'a' }], { kind: 'phase' })
  const job_id = '00000000-0000-4000-8000-000000000001'
  await api.patch(`/protocols/${run.id}`, { flow_job_id: job_id })
  windmill.jobs.set(job_id, { type: 'CompletedJob', success: true, script_path: 'f/x' })
  await speckit(notice, { id: 'msg_both' })
  expect((await ours('/webhooks/windmill', { job_id }, { id: 'msg_both' })).status).toBe(202)
})

test('a changed file that is no tasks.md is ignored, but a spec.md or plan.md beside tasks', async () => {
  const named = (file: string) => speckit({ project: 'shop', file })
  expect((await named('specs/001-shop/notes.md')).body.outcome).toBe('ignored')
  expect((await named('specs/004-new/plan.md')).body.outcome).toBe('ignored')
  const spec = await api.post('/specs', { project_id: project.id, path: 'specs/004-new' })
  expect((await named('specs/004-new/plan.md')).body.outcome).toBe('ignored')
  await api.post(`/specs/${spec.body.id}/actions/import-tasks`, { content: '- [ ] T001 One\n' })
  expect((await named('specs/004-new/plan.md')).body).toMatchObject({
    ...{ outcome: 'accepted', specs: [{ spec_path: 'specs/004-new' }] },
  })
  const { status, body } = await named('specs/001-shop/tasks.md')
  expect({ status, specs: body.specs }).toMatchObject({
    status: 202,
    specs: [{ project: 'shop', spec_path: 'specs/001-shop' }],
  })
})

test.each<[string, number, string, unknown, Parameters<typeof ours>[2]]>([
  ['a wrong secret', 401, 'webhook_signature', notice, { secret: 'another secret' }],
  [
    'no signature',
    401,
    'webhook_signature',
    notice,
    { headers: { 'webhook-signature': undefined } },
  ],
  ['no id', 401, 'webhook_signature', notice, { headers: { 'webhook-id': undefined } }],
  [
    'no timestamp',
    401,
    'webhook_signature',
    notice,
    { headers: { 'webhook-timestamp': undefined } },
  ],
  [
    'another id than the signed one',
    401,
    'webhook_signature',
    notice,
    { headers: { 'webhook-id': 'msg_x' } },
  ],
  ['a timestamp six minutes old', 401, 'webhook_timestamp', notice, { seconds: -360 }],
  ['a timestamp six minutes ahead', 401, 'webhook_timestamp', notice, { seconds: 360 }],
  ['an id of 201 characters', 422, 'delivery_id', notice, { id: 'x'.repeat(201) }],
  ['a body that is not JSON', 400, 'json', '{"project":', {}],
  ['no body', 422, 'schema', '', {}],
  ['no spec', 422, 'schema', { project: 'shop' }, {}],
  ['both names of a spec', 422, 'schema', { ...notice, file: 'specs/001-shop/tasks.md' }, {}],
  ['a path out of the repository', 422, 'schema', { ...notice, spec_path: '../secrets' }, {}],
  ['a field it does not know', 422, 'schema', { ...notice, tasks: ['T001'] }, {}],
  ['text with NUL', 422, 'schema', { ...notice, event: 'a\u0000b' }, {}],
  ['a project that is not there', 404, 'exists', { ...notice, project: 'nowhere' }, {}],
  ['more than 1 MB', 413, 'body_size', { ...notice, commit: 'x'.repeat(2 ** 20) }, {}],
])('%s is refused with %i and changes nothing', async (_what, status, rule, body, options) => {
  await api.settled()
  const before = await counts()
  const answer = await speckit(body, options)
  expect(answer).toMatchObject({ status, body: { status, rule } })
  expect(await counts()).toEqual(before)
})

test('who cannot sign does not learn which projects there are', async () => {
  const stranger = async (project: string) => {
    const { status, body } = await speckit({ ...notice, project }, { secret: 'guessed' })
    return { status, ...body, requestId: null }
  }
  expect(await stranger('nowhere')).toEqual(await stranger('shop'))
})

test('a hook is lost neither with Windmill nor with the handlers', async () => {
  windmill.status = 503
  const before = windmill.started.length
  expect((await speckit(notice, { id: 'msg_down' })).status).toBe(202)
  const [failed] = await eventually(
    () => sql`select * from event_deliveries where attempts > 0`,
    (rows) => rows.length > 0,
  )
  expect(failed?.error).toContain('starting the flow f/devgodzilla/spec_to_tasks')
  expect(failed?.parked_at).toBeNull()
  windmill.status = 201
  await sql`update event_deliveries set next_try_at = now()`
  await api.settled()
  expect(windmill.started).toHaveLength(before + 1)
})

test('work that was given up on is taken up again when the hook is sent again', async () => {
  windmill.status = 503
  const before = windmill.started.length
  await speckit(notice, { id: 'msg_parked' })
  await eventually(
    () => sql`select * from event_deliveries where attempts > 0`,
    (rows) => rows.length > 0,
  )
  await sql`update event_deliveries set parked_at = now()`
  windmill.status = 201
  expect((await speckit(notice, { id: 'msg_parked' })).status).toBe(200)
  await api.settled()
  expect(windmill.started).toHaveLength(before + 1)
})

test('hooks that come while a spec is being read are read for together, once that ends', async () => {
  windmill.busy = true
  const before = windmill.started.length
  const [first] = (await speckit(notice)).body.specs
  await eventually(
    async () => windmill.started.length,
    (started) => started > before,
  )
  const waiting = []
  for (let nth = 0; nth < 5; nth += 1) waiting.push((await speckit(notice)).body.specs[0].job_id)
  const other = await speckit({ ...notice, spec_path: 'specs/009-other' })
  await eventually(
    async () => windmill.started.length,
    (started) => started > before + 1,
  )
  const started = () => windmill.started.slice(before).map(({ jobId }) => jobId)
  expect(started(), 'another spec does not wait').toEqual([
    first.job_id,
    other.body.specs[0].job_id,
  ])
  windmill.busy = false
  windmill.jobs.set(first.job_id, { type: 'CompletedJob', success: false })
  await api.settled()
  expect(started().slice(2)).toEqual([waiting.at(-1)])
  expect(await sql`select from alerts where rule = 'handler_behind'`).toHaveLength(0)
})

test('a reading that does not end keeps hooks waiting for a quarter of an hour at most', async () => {
  windmill.busy = true
  const before = windmill.started.length
  const started = () => windmill.started.slice(before).map(({ jobId }) => jobId)
  const hangs = (await speckit(notice)).body.specs[0].job_id
  await eventually(
    async () => started().length,
    (count) => count > 0,
  )
  windmill.busy = false
  const waits = (await speckit(notice)).body.specs[0].job_id
  await eventually(
    () => sql`select from event_deliveries where next_try_at > now()`,
    (rows) => rows.length > 0,
  )
  expect(started()).toEqual([hangs])
  await sql`update spec_reads set started_at = now() - interval '16 minutes'`
  await api.settled()
  expect(started()).toEqual([hangs, waits])
})

test('with the integration of the project off, a hook starts nothing; on again, it may be sent again', async () => {
  await api.patch(`/projects/${project.id}`, { settings: { sprint_integration: false } })
  const before = windmill.started.length
  const off = await speckit(notice, { id: 'msg_off' })
  expect(off).toMatchObject({
    status: 200,
    body: { outcome: 'ignored', detail: expect.stringContaining('integration') },
  })
  await api.patch(`/projects/${project.id}`, { settings: { sprint_integration: true } })
  expect((await speckit(notice, { id: 'msg_off' })).status).toBe(202)
  await api.settled()
  expect(windmill.started).toHaveLength(before + 1)
})

test('a hook that waits when the integration of its project is switched off starts nothing any more', async () => {
  windmill.status = 503
  const before = windmill.started.length
  await speckit(notice)
  await eventually(
    () => sql`select * from event_deliveries where attempts > 0`,
    (rows) => rows.length > 0,
  )
  await api.patch(`/projects/${project.id}`, { settings: { sprint_integration: false } })
  windmill.status = 201
  await sql`update event_deliveries set next_try_at = now()`
  await api.settled()
  await api.patch(`/projects/${project.id}`, { settings: { sprint_integration: true } })
  expect(windmill.started).toHaveLength(before)
})

test('the same answers below /api; other methods and sources are told apart', async () => {
  expect((await ours('/api/webhooks/speckit', notice)).status).toBe(202)
  expect(await api.get('/webhooks/speckit', { token: null })).toMatchObject({ status: 405 })
  expect(await api.post('/webhooks/gitlab', {}, { token: null })).toMatchObject({ status: 404 })
})
