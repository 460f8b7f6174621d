import { beforeAll, describe, expect, it } from 'vitest'
import { findJob } from '../../../scripts/local-windmill/store/jobs.ts'
import { parkJob } from '../../../scripts/local-windmill/store/suspensions.ts'
import { engineUnderTest } from './engine-under-test.ts'
import { code, step } from './workspace-folder.ts'

const { folder, api, as, engine, database } = await engineUnderTest()

const URLS = `import * as wmill from 'windmill-client'
  export async function main(who?: string) { return await wmill.getResumeUrls(who || undefined) }`

type Urls = { approvalPage: string; resume: string; cancel: string }

beforeAll(async () => {
  await folder.script('echo', 'export function main(value: unknown) { return value }')
  await folder.script('urls', URLS)
})

const seen = step('b', 'echo', { value: '=({ resume, resumes, approvers, previous_result })' })
const asking = (suspend: object, rest = {}, who = '') =>
  step('a', 'urls', { who }, { suspend: { required_events: 1, ...suspend }, ...rest })

/** Starts a flow and waits until it waits. */
async function waiting(name: string, at = 1): Promise<{ id: string; urls: Urls }> {
  const id = await api.start(name)
  const job = await api.until(
    id,
    ({ flow_status }) => flow_status?.modules[at]?.type === 'WaitingForEvents',
  )
  const step = String(job.flow_status?.modules[at]?.job)
  return { id, urls: (await api.job(step)).result as Urls }
}

const post = (url: string, body?: unknown) =>
  fetch(url, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })

describe('a step that suspends', () => {
  it('holds the next one back until somebody approves, and hands the answer on', async () => {
    await folder.flow('once', { modules: [asking({}), seen] })
    const { id, urls } = await waiting('once')
    const job = await api.job(id)
    const waits = { type: 'WaitingForEvents', id: 'b', count: 1 }
    expect(job).toMatchObject({ type: 'QueuedJob', suspend: 1, flow_status: { step: 1 } })
    expect(job.flow_status?.modules).toMatchObject([{ type: 'Success' }, waits])
    expect((await post(urls.resume, { ok: 1 })).status).toBe(201)
    const ended = await api.ended(id)
    expect(ended).toMatchObject({
      success: true,
      result: { resume: { ok: 1 }, resumes: [{ ok: 1 }], approvers: ['anonymous'] },
    })
    expect(ended.result).toMatchObject({ previous_result: { resume: urls.resume } })
    expect(ended.flow_status?.modules[0]).toMatchObject({ approvers: [{ approver: 'unknown' }] })
  })

  it('is held by nobody while it waits', async () => {
    await folder.flow('parked', { modules: [asking({}), seen] })
    const { id, urls } = await waiting('parked')
    const held = () => database.sql`
      select suspend_until from windmill.jobs where id = ${id} and suspend_until is not null`
    await expect.poll(async () => (await held()).length).toBe(1)
    await post(urls.resume)
    await api.ended(id)
  })

  it('is not let go of by one who has not seen the last answer', async () => {
    await folder.flow('seen', { modules: [asking({ required_events: 3 }), seen] })
    const { id, urls } = await waiting('seen')
    await post(urls.resume)
    await api.until(id, ({ suspend }) => suspend === 2)
    const parked = async () => {
      const [row] = await database.sql<{ at: Date | null }[]>`
        select suspend_until as at from windmill.jobs where id = ${id}`
      return row?.at != null
    }
    await expect.poll(parked).toBe(true)
    const job = await findJob(database.sql, 'devgodzilla', id)
    if (!job) throw new Error('the job is gone')
    await database.sql`update windmill.jobs set suspend_until = null, scheduled_for = now() + interval '1 h' where id = ${id}`
    await parkJob(database.sql, job, new Date(Date.now() + 60_000), 0)
    expect(await parked()).toBe(false)
    await parkJob(database.sql, job, new Date(Date.now() + 60_000), 1)
    expect(await parked()).toBe(true)
    await api.post(`/jobs_u/queue/cancel/${id}`)
    expect(await api.ended(id)).not.toHaveProperty('suspend')
  })

  it('waits for as many as it needs; the same answer twice counts once', async () => {
    await folder.flow('twice', { modules: [asking({ required_events: 2 }, {}, 'ann'), seen] })
    const { id, urls } = await waiting('twice')
    const payload = Buffer.from('{"n":1}').toString('base64')
    expect((await fetch(`${urls.resume}&payload=${encodeURIComponent(payload)}`)).status).toBe(201)
    const again = await post(urls.resume, { n: 2 })
    expect([again.status, await again.text()]).toEqual([
      409,
      expect.stringContaining('already sent'),
    ])
    await api.until(id, ({ suspend }) => suspend === 1)
    expect((await api.post(`/jobs/flow/resume/${id}`, { n: 3 })).status).toBe(201)
    expect((await api.ended(id)).result).toMatchObject({
      resume: { n: 3 },
      resumes: [{ n: 1 }, { n: 3 }],
      approvers: ['ann', 'the-member'],
    })
    expect(await (await post(urls.resume)).text()).toContain('has already ended')
  })

  it('fails the flow when somebody refuses; its failure module sees who', async () => {
    await folder.flow('refused', {
      modules: [asking({}, {}, 'bob'), { ...seen, continue_on_error: true }],
      failure_module: step('failure', 'echo', { value: '={ recover: true, error }' }),
    })
    const { id, urls } = await waiting('refused')
    expect((await fetch(urls.cancel)).status).toBe(201)
    const job = await api.ended(id)
    const error = { name: 'SuspendedDisapproved', message: 'Disapproved by bob' }
    expect(job).toMatchObject({ success: true, result: { error } })
    expect(job.flow_status?.modules).toMatchObject([{ type: 'Success' }, { type: 'Failure' }])
  })

  it('fails the flow when nobody answers in time', async () => {
    const timeout = { type: 'javascript', expr: 'flow_input.limit ?? 0.3' }
    await folder.flow('late', { modules: [asking({ timeout }), seen] })
    expect((await api.flow('late')).json).toEqual({
      error: { name: 'SuspendedTimedOut', message: 'Timed out waiting to be resumed' },
    })
  })

  it('goes on in spite of both where it says so, with the error as the last answer', async () => {
    const go = { continue_on_disapprove_timeout: true }
    await folder.flow('spite', { modules: [asking({ ...go, timeout: 0.2 }), seen] })
    const error = { name: 'SuspendedTimedOut' }
    expect((await api.flow('spite')).json).toMatchObject({ resume: { error }, approvers: [] })
    await folder.flow('spite-no', { modules: [asking(go), seen] })
    const { id, urls } = await waiting('spite-no')
    await post(urls.cancel, { why: 'no' })
    const refused = { error: { name: 'SuspendedDisapproved' } }
    expect((await api.ended(id)).result).toMatchObject({ resumes: [{ why: 'no' }, refused] })
  })

  it('waits at the end of a flow too, and sleeps only after the answer', async () => {
    await folder.flow('last', {
      modules: [asking({}, { sleep: { type: 'static', value: 0.2 } })],
    })
    const { id, urls } = await waiting('last')
    expect((await api.job(id)).flow_status?.modules[1]).toMatchObject({ id: 'a-v' })
    await post(urls.resume)
    const job = await api.ended(id)
    expect(job).toMatchObject({ success: true, result: { resume: urls.resume } })
    const [row] = await database.sql`
      select sleep_until > completed_at + interval '0.2 s' as later
      from windmill.steps where job_id = ${id} and path = 'a'`
    expect(row?.later).toBe(true)
  })

  it('does not wait when it was skipped, stopped the flow, or needs nobody', async () => {
    const stop = { stop_after_if: { expr: 'true' } }
    for (const rest of [{ skip_if: { expr: 'true' } }, stop, { suspend: { required_events: 0 } }]) {
      await folder.flow('no-wait', { modules: [asking({}, rest)] })
      expect((await api.flow('no-wait')).status).toBe(200)
    }
  })

  it('takes an answer that comes before its step has ended, and one for the whole flow', async () => {
    await folder.flow('early', {
      modules: [
        code(
          'a',
          `import * as wmill from 'windmill-client'
           export async function main() {
             const { resume } = await wmill.getResumeUrls('eve', true)
             return (await fetch(resume)).status
           }`,
          {},
          { suspend: { required_events: 1 } },
        ),
        step('c', 'echo', { value: '=approvers' }, { suspend: { required_events: 1 } }),
        step('b', 'echo', { value: '=[results.a, results.c, approvers]' }),
      ],
    })
    expect((await api.flow('early')).json).toEqual([201, ['eve'], ['eve']])
  })
})

it('is cancelled at once while it waits', async () => {
  await folder.flow('cancelled', { modules: [asking({}), seen] })
  const { id, urls } = await waiting('cancelled')
  await api.post(`/jobs_u/queue/cancel/${id}`, { reason: 'enough' })
  expect(await api.ended(id)).toMatchObject({
    canceled: true,
    result: { error: { name: 'Canceled' } },
  })
  expect((await post(urls.resume)).status).toBe(400)
})

describe('iterations side by side', () => {
  it('each wait for their own answer, while others go on', async () => {
    const value = {
      type: 'forloopflow',
      parallel: true,
      parallelism: 2,
      iterator: { type: 'static', value: ['x', 'y', 'z'] },
      modules: [asking({}), step('b', 'echo', { value: '=[flow_input.iter.value, resume]' })],
    }
    await folder.flow('side', { modules: [{ id: 'l', value }] })
    const id = await api.start('side')
    const urls = async (count: number) => {
      for (;;) {
        const rows = await database.sql<{ result: Urls }[]>`
          select step.result from windmill.steps step join windmill.suspensions s on s.step_id = step.id
          where step.job_id = ${id} order by step.path`
        if (rows.length === count) return rows.map(({ result }) => result)
      }
    }
    // The third has no place before one of the first two has ended.
    const [, second] = await urls(2)
    await post(second?.resume ?? '', 2)
    const [first, , third] = await urls(3)
    await post(third?.resume ?? '', 3)
    await post(first?.resume ?? '', 1)
    expect((await api.ended(id)).result).toEqual([
      ['x', 1],
      ['y', 2],
      ['z', 3],
    ])
  })

  it('are answered while another one works', async () => {
    const slow = code(
      'w',
      'export async function main() { await new Promise(r => setTimeout(r, 3000)); return "slow" }',
    )
    const value = {
      type: 'branchall',
      branches: [
        { modules: [asking({}), seen, step('d', 'echo', { value: '=Date.now()' })] },
        { modules: [slow] },
      ],
    }
    await folder.flow('busy', { modules: [{ id: 'l', value }] })
    const id = await api.start('busy')
    const steps = (where: string) => database.sql<{ id: string; state: string; result: Urls }[]>`
      select id, state, result from windmill.steps where job_id = ${id} and path = ${where}`
    await expect.poll(async () => (await steps('l/branch-0/a'))[0]?.state).toBe('done')
    await post((await steps('l/branch-0/a'))[0]?.result.resume ?? '')
    await expect.poll(async () => (await steps('l/branch-0/d'))[0]?.state).toBe('done')
    expect((await steps('l/branch-1/w'))[0]?.state).not.toBe('done')
    await api.post(`/jobs_u/queue/cancel/${id}`)
    await api.ended(id)
  })
})

describe('who may answer', () => {
  it('is shown by the signature alone, which covers step, number and name', async () => {
    await folder.flow('signed', { modules: [asking({}, {}, 'ann'), seen] })
    const { id, urls } = await waiting('signed')
    const broken = [
      urls.resume.replace('approver=ann', 'approver=eve'),
      urls.resume.replace(/\/(\d+)\//, (_, n) => `/${Number(n) === 0 ? 1 : Number(n) - 1}/`),
      urls.resume.replace(/[0-9a-f]{64}/, 'ab'),
      urls.resume.replace(/[0-9a-f]{64}/, '0'.repeat(64)),
      urls.resume.replace(/[0-9a-f]{64}/, '$&zz'),
    ]
    for (const url of broken) expect((await post(url)).status).toBe(403)
    await post(urls.resume)
    expect((await api.ended(id)).result).toMatchObject({ approvers: ['ann'] })
  })

  it('is not a program that looks whether the address works', async () => {
    await folder.flow('looked-at', { modules: [asking({}), seen] })
    const { id, urls } = await waiting('looked-at')
    expect((await fetch(urls.cancel, { method: 'HEAD' })).status).toBe(200)
    expect((await post(urls.resume)).status).toBe(201)
    expect(await api.ended(id)).toMatchObject({ success: true })
  })

  it('must be logged in where the step says so, and may not be who started it', async () => {
    await folder.flow('known', {
      modules: [asking({ user_auth_required: true, self_approval_disabled: true }), seen],
    })
    const { id, urls } = await waiting('known')
    expect((await post(urls.resume)).status).toBe(401)
    expect((await post(`${urls.resume}?token=viewer`)).status).toBe(403)
    expect((await post(`${urls.resume}?token=member`)).status).toBe(403)
    expect((await api.post(`/jobs/flow/resume/${id}`)).status).toBe(403)
    expect((await post(`${urls.resume}?token=admin`)).status).toBe(201)
    expect((await api.ended(id)).result).toMatchObject({ approvers: ['the-admin'] })
  })

  it('gets no address without the right to run jobs, nor for what is no flow', async () => {
    await folder.flow('addressed', { modules: [asking({}), seen] })
    const { id } = await waiting('addressed')
    expect((await as('viewer').get(`/jobs/resume_urls/${id}/1`)).status).toBe(403)
    expect((await api.get(`/jobs/resume_urls/${id}/4294967296`)).status).toBe(400)
    expect((await api.get(`/jobs/resume_urls/${id}/1`)).json).toMatchObject({
      approvalPage: expect.stringContaining(`${engine.url}/approve/devgodzilla/${id}/1/`),
    })
    await api.post(`/jobs_u/queue/cancel/${id}`)
    await api.ended(id)
    expect((await api.post(`/jobs/flow/resume/${id}`)).status).toBe(400)
  })
})

describe('the approval page', () => {
  const schema = {
    properties: {
      note: { type: 'string', title: 'Your <note>' },
      size: { type: 'integer' },
      kind: { type: 'string', enum: ['small', 'large'] },
      sure: { type: 'boolean' },
    },
    required: ['note'],
  }
  const form = (fields: Record<string, string>) => ({
    method: 'POST',
    body: new URLSearchParams(fields),
  })

  it('asks what the form asks, and approves with what was filled in', async () => {
    await folder.flow('paged', { modules: [asking({ resume_form: { schema } }), seen] })
    const { id, urls } = await waiting('paged')
    const page = await fetch(urls.approvalPage)
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'")
    const html = await page.text()
    expect(html).toContain('Your &lt;note&gt;')
    expect(html).toContain('value="reject"')
    const wrong = await fetch(urls.approvalPage, form({ 'field:size': '2', answer: 'approve' }))
    expect([wrong.status, await wrong.text()]).toEqual([
      400,
      expect.stringContaining('argument note is required'),
    ])
    for (const body of [
      new URLSearchParams({ 'field:note': 'fine' }),
      new Blob(['x'], { type: 'multipart/form-data; boundary=q' }),
    ]) {
      expect((await fetch(urls.approvalPage, { method: 'POST', body })).status).toBe(400)
    }
    const fields = { 'field:note': 'fine', 'field:size': '2', 'field:kind': 'large' }
    const answer = await fetch(urls.approvalPage, form({ ...fields, answer: 'approve' }))
    expect(await answer.text()).toContain('Approved')
    expect((await api.ended(id)).result).toMatchObject({
      resume: { note: 'fine', size: 2, kind: 'large', sure: false },
    })
    expect(await (await fetch(urls.approvalPage)).text()).toContain('This flow has ended')
  })

  it('rejects, unless it may only be approved; and asks for a token where one is needed', async () => {
    await folder.flow('paged-no', {
      modules: [asking({ hide_cancel: true, user_auth_required: true }), seen],
    })
    const { id, urls } = await waiting('paged-no')
    const html = await (await fetch(urls.approvalPage)).text()
    expect(html).not.toContain('value="reject"')
    expect(html).toContain('name="token"')
    expect((await fetch(urls.approvalPage, form({ answer: 'reject' }))).status).toBe(401)
    await fetch(urls.approvalPage, form({ answer: 'reject', token: 'member' }))
    expect((await api.ended(id)).result).toMatchObject({
      error: { name: 'SuspendedDisapproved', message: 'Disapproved by the-member' },
    })
  })

  it('is shown to nobody without its signature', async () => {
    const address = `${engine.url}/approve/devgodzilla/${crypto.randomUUID()}/1/${'0'.repeat(64)}`
    expect((await fetch(address)).status).toBe(403)
  })
})

it.each<[string, object]>([
  ['required_events to be a whole number', { required_events: 1.5 }],
  ['user_groups_required', { user_groups_required: { type: 'static', value: ['g'] } }],
  ['uses voting', { voting: 'x' }],
])('refuses a suspend that %s', async (what, suspend) => {
  await folder.flow('refuse', { modules: [asking(suspend)] })
  const answer = await api.flow('refuse')
  expect([answer.status, answer.text]).toEqual([400, expect.stringContaining(what)])
})
