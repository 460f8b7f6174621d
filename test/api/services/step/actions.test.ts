import { describe, expect, test } from 'vitest'
import { stepActions } from '../../../../api/commands/steps.ts'
import { type StepStatus, stepStatus } from '../../../../api/core/entities/protocol.ts'
import type { Json } from '../../../support/api.ts'
import { checkedApi } from '../../support/checked-api.ts'
import { expectConsistent } from '../../support/consistent.ts'

const api = await checkedApi()
const project = await api.project()

/** Brings a step into a status the way an agent would. */
const ways: Record<StepStatus, string[]> = {
  pending: [],
  running: ['start'],
  needs_qa: ['start', 'submit-qa'],
  completed: ['start', 'complete'],
  skipped: ['skip'],
  failed: ['start', 'fail'],
  timeout: ['start', 'timeout'],
  blocked: ['start', 'block'],
  cancelled: ['cancel'],
}

const allowed: Record<StepStatus, Record<string, StepStatus>> = {
  pending: {
    start: 'running',
    complete: 'completed',
    fail: 'failed',
    block: 'blocked',
    skip: 'skipped',
    cancel: 'cancelled',
  },
  running: {
    'submit-qa': 'needs_qa',
    complete: 'completed',
    fail: 'failed',
    block: 'blocked',
    timeout: 'timeout',
    skip: 'skipped',
    cancel: 'cancelled',
  },
  needs_qa: {
    complete: 'completed',
    fail: 'failed',
    block: 'blocked',
    timeout: 'timeout',
    skip: 'skipped',
    cancel: 'cancelled',
    retry: 'pending',
  },
  completed: { retry: 'pending' },
  skipped: { retry: 'pending' },
  failed: { skip: 'skipped', cancel: 'cancelled', retry: 'pending' },
  timeout: { skip: 'skipped', cancel: 'cancelled', retry: 'pending' },
  blocked: { skip: 'skipped', cancel: 'cancelled', retry: 'pending' },
  cancelled: { retry: 'pending' },
}
/** Asking for the status that is there already is no error and no change. */
const same: Partial<Record<StepStatus, string>> = {
  pending: 'retry',
  running: 'start',
  needs_qa: 'submit-qa',
  completed: 'complete',
  skipped: 'skip',
  failed: 'fail',
  timeout: 'timeout',
  blocked: 'block',
  cancelled: 'cancel',
}

describe.each(stepStatus.options)('a step that is %s', (status) => {
  test.each(stepActions)('on "%s"', async (action) => {
    const { steps } = await api.run(project.id, [{ step_name: 'a' }, { step_name: 'b' }])
    for (const way of ways[status]) await api.act(steps[0], way)
    const before = (await api.get(`/steps/${steps[0].id}`)).body
    expect(before.status).toBe(status)
    const answer = await api.post(`/steps/${steps[0].id}/actions/${action}`, { reason: 'why' })
    const to = allowed[status][action]
    if (same[status] === action) {
      expect(answer).toMatchObject({ status: 200, body: before })
    } else if (to) {
      expect(answer).toMatchObject({ status: 200, body: { status: to, status_reason: 'why' } })
      expect(answer.body.version).toBe(before.version + 1)
      expect(answer.body.attempt).toBe(before.attempt + (action === 'retry' ? 1 : 0))
    } else {
      expect(answer).toMatchObject({ status: 409, body: { rule: 'step_transition' } })
      expect((await api.get(`/steps/${steps[0].id}`)).body).toEqual(before)
    }
  })
})

test('start with unmet dependencies is refused and names them; skipped and completed satisfy', async () => {
  const { steps } = await api.run(project.id, [
    { step_name: 'done' },
    { step_name: 'skipped' },
    { step_name: 'failed' },
    { step_name: 'last', depends_on: ['done', 'skipped', 'failed'] },
  ])
  const [done, skipped, failed, last] = steps
  await api.act(done, 'complete')
  await api.act(failed, 'fail')
  const refused = await api.post(`/steps/${last.id}/actions/start`)
  expect(refused).toMatchObject({ status: 409, body: { rule: 'dependencies_met' } })
  expect(refused.body.detail).toContain('"skipped" (pending)')
  expect(refused.body.detail).toContain('"failed" (failed)')
  expect(refused.body.detail).not.toContain('"done"')
  await api.act(skipped, 'skip')
  await api.act(failed, 'skip')
  expect((await api.act(last, 'start')).status).toBe('running')
})

test('complete of a step that asks for QA goes to QA first', async () => {
  const { steps } = await api.run(project.id, [{ step_name: 'a', qa_required: true }])
  await api.act(steps[0], 'start')
  expect((await api.act(steps[0], 'complete')).status).toBe('needs_qa')
  expect((await api.act(steps[0], 'complete')).status).toBe('completed')
})

test('a paused run starts nothing and lets finish what runs; a cancelled one moves no more', async () => {
  const { id, steps } = await api.run(project.id, [{ step_name: 'a' }, { step_name: 'b' }])
  const [a, b] = steps
  await api.post(`/protocols/${id}/actions/start`)
  await api.act(a, 'start')
  expect((await api.post(`/protocols/${id}/actions/pause`)).body.status).toBe('paused')
  expect(await api.post(`/steps/${b.id}/actions/start`)).toMatchObject({
    status: 409,
    body: { rule: 'run_is_paused' },
  })
  expect((await api.act(a, 'complete')).status).toBe('completed')
  expect((await api.post(`/protocols/${id}/actions/resume`)).body.status).toBe('running')
  expect((await api.post(`/protocols/${id}/actions/cancel`)).body.status).toBe('cancelled')
  expect((await api.get(`/steps/${b.id}`)).body.status).toBe('cancelled')
  expect((await api.get(`/steps/${a.id}`)).body.status).toBe('completed')
  expect(await api.post(`/steps/${b.id}/actions/retry`)).toMatchObject({
    status: 409,
    body: { rule: 'run_is_cancelled' },
  })
})

test('a run ends by its steps: completed, or failed with a timeout that nobody lifted', async () => {
  const status = async (id: number) => (await api.get(`/protocols/${id}`)).body
  const good = await api.run(project.id, [{ step_name: 'a' }, { step_name: 'b' }])
  await api.act(good.steps[0], 'complete')
  expect((await status(good.id)).status).toBe('running')
  await api.act(good.steps[1], 'skip')
  expect(await status(good.id)).toMatchObject({
    status: 'completed',
    started_at: expect.any(String),
    finished_at: expect.any(String),
  })
  const late = await api.run(project.id, [{ step_name: 'a' }, { step_name: 'b' }])
  await api.act(late.steps[0], 'start')
  await api.act(late.steps[0], 'timeout')
  await api.act(late.steps[1], 'complete')
  expect(await status(late.id)).toMatchObject({ status: 'failed' })
  await api.act(late.steps[0], 'retry')
  expect(await status(late.id)).toMatchObject({ status: 'running', finished_at: null })
})

test('tokens by kind and the price are kept, told of, and summed up', async () => {
  const { steps } = await api.run(project.id, [{ step_name: 'a' }])
  await api.act(steps[0], 'start', { agent: 'claude' })
  const usage = { input_uncached: 10, cache_read: 20, cache_write: 3, output: 7, reasoning: 5 }
  const spent = { usage, cost_usd: 0.25 }
  const done = await api.act(steps[0], 'complete', spent)
  expect(done).toMatchObject({ ...spent, tokens: 40 })
  const { body } = await api.get(
    `/events?protocol_run_id=${done.protocol_run_id}&type=step.completed`,
  )
  expect(body.items.at(-1)).toMatchObject({ payload: { ...spent, tokens: 40 } })
  await api.patch(`/steps/${done.id}`, { step_name: 'b' })
  expect((await api.get(`/steps/${done.id}`)).body).toMatchObject({ ...spent, step_name: 'b' })
})

test('what the attempts of a step spent adds up', async () => {
  const { steps } = await api.run(project.id, [{ step_name: 'a' }])
  const usage = { input_uncached: 10, cache_read: 20, cache_write: 3, output: 7, reasoning: 5 }
  const spent = { usage, cost_usd: 0.25 }
  const attempt = async (action: string, body: object) => {
    await api.act(steps[0], 'start')
    return api.act(steps[0], action, body)
  }
  await attempt('timeout', {})
  expect(await api.act(steps[0], 'retry')).toMatchObject({ tokens: null, usage: null })
  expect(await attempt('fail', spent)).toMatchObject({ ...spent, tokens: 40 })
  await api.act(steps[0], 'retry')
  expect(await attempt('fail', {})).toMatchObject({ ...spent, tokens: 40 })
  await api.act(steps[0], 'retry')
  expect(await attempt('complete', spent)).toMatchObject({
    usage: { input_uncached: 20, cache_read: 40, cache_write: 6, output: 14, reasoning: 10 },
    ...{ cost_usd: 0.5, tokens: 80 },
  })
})

test('a run may be one that plans', async () => {
  const { body: run } = await api.post('/protocols', {
    ...{ project_id: project.id, protocol_name: 'Plan it', kind: 'planning' },
    steps: [{ step_name: 'specify' }],
  })
  expect(run).toMatchObject({ kind: 'planning', status: 'planned', linked_sprint_id: null })
})

test('what an attempt cost and who did it are kept', async () => {
  const { steps } = await api.run(project.id, [{ step_name: 'a' }])
  await api.act(steps[0], 'start', { agent: 'codex' })
  const done = await api.act(steps[0], 'complete', { tokens: 1234 })
  expect(done).toMatchObject({ agent: 'codex', tokens: 1234 })
  const logs = {
    lines: [
      { seq: 0, line: 'one' },
      { seq: 1, line: 'two', stream: 'stderr' },
    ],
  }
  const path = `/steps/${steps[0].id}/logs`
  expect((await api.post(path, logs)).body).toEqual({ appended: 2 })
  expect((await api.post(path, logs)).body).toEqual({ appended: 0 })
  expect((await api.get(path)).body.items.map((it: Json) => it.line)).toEqual(['one', 'two'])
  const artifact = { name: 'report', content: 'v1' }
  expect((await api.post(`/steps/${steps[0].id}/artifacts`, artifact)).status).toBe(201)
  await api.post(`/steps/${steps[0].id}/artifacts`, { ...artifact, content: 'v2' })
  const { items } = (await api.get(`/steps/${steps[0].id}/artifacts`)).body
  expect(items).toMatchObject([{ name: 'report', content: 'v2', attempt: 1 }])
})

test('texts that are large together come on several pages', async () => {
  const { steps } = await api.run(project.id, [{ step_name: 'wordy' }])
  const [{ id }] = steps
  await api.database.sql`
    insert into artifacts (step_run_id, attempt, name, content)
    select ${id}, 1, 'log ' || n, repeat('x', 1000000) from generate_series(1, 10) n`
  const first = (await api.get(`/steps/${id}/artifacts?limit=1000`)).body
  expect(first.items).toHaveLength(8)
  const second = (await api.get(`/steps/${id}/artifacts?cursor=${first.next_cursor}`)).body
  expect(second).toMatchObject({
    items: [{ name: 'log 9' }, { name: 'log 10' }],
    next_cursor: null,
  })
})

test('nothing is left inconsistent', async () => {
  await api.settled()
  await expectConsistent(api.database)
})
