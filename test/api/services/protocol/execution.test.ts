import { randomUUID } from 'node:crypto'
import { pino } from 'pino'
import { afterAll, beforeEach, expect, test } from 'vitest'
import { watchExecutions } from '../../../../api/handlers/watch-executions.ts'
import { windmillFlows } from '../../../../api/services/windmill.ts'
import { connect } from '../../../../api/store/database.ts'
import type { Json } from '../../../support/api.ts'
import { fakeWindmill } from '../../http/webhooks/support/windmill.ts'
import { checkedApi } from '../../support/checked-api.ts'
import { expectConsistent } from '../../support/consistent.ts'

const windmill = await fakeWindmill()
windmill.busy = true
const api = await checkedApi({ windmillUrl: windmill.url })
const project = await api.project({ settings: { auto_create_sprint: false } })
const db = connect(api.database.url)
afterAll(() => db.end())
const runtime = {
  db,
  log: pino({ level: 'silent' }),
  flows: windmillFlows(() => ({ baseUrl: windmill.url, token: 'unused', workspace: 'w' })),
  sprintIntegration: true,
}
beforeEach(() => {
  windmill.started.length = 0
  windmill.cancelled.length = 0
  return () => expectConsistent(api.database)
})

const diamond = [
  { step_name: 'a' },
  { step_name: 'b', depends_on: ['a'] },
  { step_name: 'c', depends_on: ['a'], qa_required: true },
  { step_name: 'd', depends_on: ['b', 'c'] },
]
const on = async (run: Json, action: string, body: object = {}) =>
  (await api.post(`/protocols/${run.id}/actions/${action}`, body)) as { status: number; body: Json }
const read = async (run: Json) => (await api.get(`/protocols/${run.id}`)).body
const statuses = async (run: Json) =>
  Object.fromEntries(
    (await api.get(`/protocols/${run.id}/steps`)).body.items.map((step: Json) => [
      step.step_name,
      step.status,
    ]),
  )
const executed = async (plan: Json[] = diamond) => {
  const run = await api.run(project.id, plan)
  const { flow_job_id: job } = (await on(run, 'execute')).body
  await api.settled()
  const [a, b, c, d] = run.steps
  return { run, job, a, b, c, d }
}
const done = async (step: Json, job_id: string) => {
  await api.act(step, 'start', { job_id })
  return api.act(step, 'complete', { job_id })
}

test('executing a run starts its flow once, under the job id that the run then names', async () => {
  const { run, job } = await executed()
  expect(windmill.started).toEqual([
    { path: 'f/devgodzilla/execute_protocol', jobId: job, args: { protocol_id: run.id } },
  ])
  expect(await read(run)).toMatchObject({ status: 'running', execution: 'running' })
  expect((await on(run, 'execute')).body.flow_job_id).toBe(job)
  await api.settled()
  expect(windmill.started).toHaveLength(1)
})

test('a run with nothing to execute is refused, and a paused one until it is resumed', async () => {
  const empty = await api.run(project.id, [])
  expect(await on(empty, 'execute')).toMatchObject({
    status: 409,
    body: { rule: 'plan_has_steps' },
  })
  const { run } = await executed([{ step_name: 'a' }])
  await on(run, 'cancel')
  expect(await on(run, 'execute')).toMatchObject({
    status: 409,
    body: { rule: 'run_is_cancelled' },
  })
  const paused = await api.run(project.id, diamond)
  await on(paused, 'pause')
  expect(await on(paused, 'execute')).toMatchObject({
    status: 409,
    body: { rule: 'run_is_paused' },
  })
})

test('a job that runs already says so itself; another one is refused while it does', async () => {
  const run = await api.run(project.id, diamond)
  const [mine, other] = [randomUUID(), randomUUID()]
  expect((await on(run, 'execute', { job_id: mine })).body).toMatchObject({
    flow_job_id: mine,
    execution: 'running',
  })
  expect(await on(run, 'execute', { job_id: other })).toMatchObject({
    status: 409,
    body: { rule: 'run_is_executed', detail: expect.stringContaining(mine) },
  })
  const patched = await api.patch(`/protocols/${run.id}`, { flow_job_id: other })
  expect(patched).toMatchObject({ status: 409, body: { rule: 'run_is_executed' } })
  await api.settled()
  expect(windmill.started).toEqual([])
})

test('a step has one job at a time, which alone may give it back', async () => {
  const { a } = await executed()
  const [mine, other] = [randomUUID(), randomUUID()]
  expect(await api.act(a, 'start', { job_id: mine })).toMatchObject({ flow_job_id: mine })
  expect(await api.act(a, 'start', { job_id: mine })).toMatchObject({ attempt: 1 })
  expect(await api.act(a, 'start', { job_id: other })).toMatchObject({ rule: 'step_is_taken' })
  expect(await api.act(a, 'retry', { job_id: other })).toMatchObject({ rule: 'step_transition' })
  expect(await api.act(a, 'retry')).toMatchObject({ rule: 'step_transition' })
  expect(await api.act(a, 'retry', { job_id: mine })).toMatchObject({
    status: 'pending',
    attempt: 2,
    flow_job_id: null,
  })
})

test('who takes over from a dead job finds its steps queued again', async () => {
  const { run, job, a } = await executed()
  await api.act(a, 'start', { job_id: randomUUID() })
  const heir = randomUUID()
  expect((await on(run, 'execute', { job_id: heir, instead_of: job })).body).toMatchObject({
    flow_job_id: heir,
  })
  expect(await statuses(run)).toMatchObject({ a: 'pending' })
  expect(await on(run, 'execute', { job_id: randomUUID(), instead_of: job })).toMatchObject({
    status: 409,
  })
})

test('an execution waits for QA, and goes on by itself once a person has passed it', async () => {
  const { run, job, a, b, c } = await executed()
  await done(a, job)
  await done(b, job)
  await done(c, job)
  expect((await on(run, 'end-execution', { job_id: job })).body).toMatchObject({
    status: 'needs_qa',
    execution: 'waiting',
  })
  await api.act(c, 'complete')
  await api.settled()
  const again = await read(run)
  expect(again).toMatchObject({ execution: 'running' })
  expect(again.flow_job_id).not.toBe(job)
  expect(windmill.started.map(({ jobId }) => jobId)).toEqual([job, again.flow_job_id])
})

test('what became ready while the job was ending is not forgotten', async () => {
  const { run, job, a, b, c } = await executed()
  for (const step of [a, b, c]) await done(step, job)
  await api.act(c, 'complete')
  expect((await on(run, 'end-execution', { job_id: job })).body.execution).toBe('running')
  await api.settled()
  expect(windmill.started).toHaveLength(2)
})

test('an execution is over with the run, however its last steps end', async () => {
  const { run, job, a } = await executed([{ step_name: 'a', qa_required: true }])
  await done(a, job)
  await on(run, 'end-execution', { job_id: job })
  await api.act(a, 'complete')
  expect(await read(run)).toMatchObject({ status: 'completed', execution: null })
  expect((await on(run, 'end-execution', { job_id: job })).status).toBe(200)
})

test('a step that failed is executed again when it is queued again', async () => {
  const { run, job, a } = await executed()
  await api.act(a, 'start', { job_id: job })
  await api.act(a, 'fail', { reason: 'no luck' })
  await on(run, 'end-execution', { job_id: job })
  expect(await read(run)).toMatchObject({ status: 'failed', execution: 'waiting' })
  await api.act(a, 'retry')
  await api.settled()
  expect(windmill.started).toHaveLength(2)
})

test('a paused execution goes on when it is resumed, once', async () => {
  const { run, job, a } = await executed()
  await done(a, job)
  await on(run, 'pause')
  await on(run, 'end-execution', { job_id: job })
  await api.settled()
  expect(windmill.started).toHaveLength(1)
  await Promise.all([on(run, 'resume'), on(run, 'resume')])
  await api.settled()
  expect(windmill.started).toHaveLength(2)
})

test('resuming a run that nobody asked to be executed starts nothing', async () => {
  const run = await api.run(project.id, diamond)
  await on(run, 'pause')
  await on(run, 'resume')
  await api.settled()
  expect(windmill.started).toEqual([])
})

test('cancelling the run cancels its job, and its steps with it', async () => {
  const { run, job, a } = await executed()
  await api.act(a, 'start', { job_id: job })
  await on(run, 'cancel')
  await api.settled()
  expect(windmill.cancelled).toEqual([job])
  expect(await read(run)).toMatchObject({ status: 'cancelled', execution: null })
  expect(await statuses(run)).toMatchObject({ a: 'cancelled', d: 'cancelled' })
})

test('a job that ended without a word is noticed: its steps are queued, the run is paused', async () => {
  const { run, job, a } = await executed()
  const begun = await api.act(a, 'start', { job_id: randomUUID() })
  expect(begun).toMatchObject({ status: 'running' })
  await watchExecutions(runtime)
  expect(await statuses(run)).toMatchObject({ a: 'running' })
  windmill.jobs.set(job, { type: 'CompletedJob', script_path: '', success: false })
  await watchExecutions(runtime)
  expect(await read(run)).toMatchObject({ status: 'paused', execution: 'waiting' })
  expect(await statuses(run)).toMatchObject({ a: 'pending' })
  await on(run, 'resume')
  await api.settled()
  expect(windmill.started).toHaveLength(2)
})

test('a planning run whose job is gone is cancelled; one whose job works is left alone', async () => {
  const { body: run } = await api.post('/protocols', {
    ...{ project_id: project.id, protocol_name: 'Plan', kind: 'planning' },
    steps: [{ step_name: 'specify' }, { step_name: 'plan', depends_on: ['specify'] }],
  })
  const job = randomUUID()
  await api.patch(`/protocols/${run.id}`, { flow_job_id: job })
  await api.act(run.steps[0], 'start')
  windmill.jobs.set(job, { type: 'QueuedJob', script_path: '' })
  await watchExecutions(runtime)
  expect(await read(run)).toMatchObject({ status: 'running' })
  windmill.jobs.set(job, { type: 'CompletedJob', script_path: '', success: false })
  await watchExecutions(runtime)
  expect(await read(run)).toMatchObject({ status: 'cancelled' })
  expect((await api.get(`/steps/${run.steps[0].id}`)).body).toMatchObject({
    ...{ status: 'cancelled', status_reason: 'The job was cancelled or died.' },
  })
})

test('a step that a person does is left alone when a job dies', async () => {
  const { run, job, a } = await executed()
  await api.act(a, 'start')
  await on(run, 'end-execution', { job_id: job, broken: 'it died' })
  expect(await statuses(run)).toMatchObject({ a: 'running' })
  expect(await api.act(a, 'complete')).toMatchObject({ status: 'completed' })
})

test('a sprint lists what its steps produced, by card, without the texts', async () => {
  const { sprint, step } = await api.linkedRun(project.id, diamond)
  const content = 'It works.'
  await api.post(`/steps/${step('a').id}/artifacts`, { name: 'summary.md', content })
  await api.post(`/steps/${step('b').id}/artifacts`, { name: 'commit', uri: 'git:4f2a' })
  for (const name of ['a', 'b']) await done(step(name), randomUUID())
  await api.settled()
  await api.post(`/sprints/${sprint.id}/actions/complete`)
  const { items } = (await api.get(`/sprints/${sprint.id}/artifacts`)).body
  const taskOf = async (name: string) =>
    (await api.get(`/steps/${step(name).id}`)).body.linked_task_id
  expect(items).toMatchObject([
    { name: 'summary.md', size: 9, task_id: await taskOf('a'), uri: null },
    { name: 'commit', size: null, task_id: await taskOf('b'), uri: 'git:4f2a' },
  ])
  expect(items[0]).not.toHaveProperty('content')
})
