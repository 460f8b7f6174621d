import { describe, expect } from 'vitest'
import { type FlowModule, type Job, JobService } from 'windmill-client'
import { step } from '../support/modules.ts'
import { rule, server } from '../support/rule.ts'
import { call, effects, ended, run, send, start, until } from '../support/runs.ts'
import { effect } from '../support/scripts.ts'
import { flow } from '../support/workspace.ts'

type Suspend = NonNullable<FlowModule['suspend']>

const asking = (suspend: Suspend) => step('a', effect, { name: 'a', value: 1 }, { suspend })
const after = step('b', effect, {
  name: 'b',
  value: '=({ resume, resumes, approvers, previous_result })',
})

/** Starts a flow and waits until its step `at` waits. */
async function waiting(path: string, at = 1) {
  const id = await start(path)
  const isWaiting = ({ flow_status }: Job) => flow_status?.modules[at]?.type === 'WaitingForEvents'
  await until(id, isWaiting)
  // Its parts were read one after another: what came before the wait may be missing in the first.
  const job = await until(id, isWaiting)
  return { id, job, asked: job.flow_status?.modules[at - 1]?.job ?? '' }
}

/** Where to answer for a step, as reached from here. */
async function urls(id: string, resumeId: number, approver?: string) {
  const { workspace, url } = server()
  const query = { workspace, id, resumeId, ...(approver && { approver }) }
  const given = await JobService.getResumeUrls(query)
  const here = (address: string) => {
    const { pathname, search } = new URL(address)
    return url + pathname + search
  }
  return { resume: here(given.resume), cancel: here(given.cancel) }
}

const answer = (address: string, body?: unknown) =>
  call('POST', address, body === undefined ? {} : { body })

describe('a step that suspends', () => {
  const once = flow({ modules: [asking({ required_events: 1 }), after] })

  rule('ends, and holds the next one back until somebody approves', async () => {
    const { id, job, asked } = await waiting(once)
    expect(effects(job)).toEqual(['a'])
    expect(job.flow_status?.modules[1]).toMatchObject({ type: 'WaitingForEvents', count: 1 })
    const { resume } = await urls(asked, 7, 'ann')
    expect((await answer(resume, { ok: true })).status).toBeLessThan(300)
    expect(await ended(id)).toMatchObject({
      ...{ success: true, effects: ['a', 'b'] },
      result: {
        ...{ resume: { ok: true }, resumes: [{ ok: true }], approvers: ['ann'] },
        previous_result: 1,
      },
    })
  })

  rule('may be approved by a click, with a GET', async () => {
    const { id, asked } = await waiting(once)
    const { resume } = await urls(asked, 7)
    expect((await call('GET', resume)).status).toBeLessThan(300)
    expect(await ended(id)).toMatchObject({
      ...{ success: true, result: { approvers: ['anonymous'] } },
    })
  })

  rule('may be approved by who is logged in, without an address', async () => {
    const { id } = await waiting(once)
    const { status } = await send('POST', `/jobs/flow/resume/${id}`, { body: { ok: 2 } })
    expect(status).toBeLessThan(300)
    expect(await ended(id)).toMatchObject({ success: true, result: { resume: { ok: 2 } } })
  })

  rule('cannot be approved by an address that was made up', async () => {
    const { id, asked } = await waiting(once)
    const { resume } = await urls(asked, 7)
    const forged = resume.replace(/\/[^/?]+(\?|$)/, `/${'0'.repeat(64)}$1`)
    expect((await answer(forged)).status).toBeGreaterThanOrEqual(400)
    expect((await answer(resume)).status).toBeLessThan(300)
    expect((await ended(id)).success).toBe(true)
  })

  rule('fails the flow when somebody refuses; nothing after it runs', async () => {
    const { id, asked } = await waiting(once)
    await answer((await urls(asked, 7, 'bob')).cancel)
    const { success, result, effects } = await ended(id)
    expect({ success, effects }).toEqual({ success: false, effects: ['a'] })
    expect(result.error).toMatchObject({
      ...{ name: 'SuspendedDisapproved', message: expect.stringContaining('bob') },
    })
  })

  rule('can be cancelled while it waits', async () => {
    const { id } = await waiting(once)
    await send('POST', `/jobs_u/queue/cancel/${id}`, { body: { reason: 'enough' } })
    expect(await ended(id)).toMatchObject({ success: false, canceled: true, effects: ['a'] })
  })

  const twice = flow({ modules: [asking({ required_events: 2 }), after] })
  rule('waits for as many as it needs; the same one twice counts once', async () => {
    const { id, asked } = await waiting(twice)
    const first = await urls(asked, 1, 'ann')
    expect((await answer(first.resume, 1)).status).toBeLessThan(300)
    expect((await answer(first.resume, 2)).status).toBeGreaterThanOrEqual(400)
    expect((await answer((await urls(asked, 2, 'bob')).resume, 3)).status).toBeLessThan(300)
    expect((await ended(id)).result).toMatchObject({
      ...{ resume: 3, resumes: [1, 3], approvers: ['ann', 'bob'] },
    })
  })

  const late = flow({ modules: [asking({ required_events: 1, timeout: 1 }), after] })
  rule('fails the flow when nobody answers in time', async () => {
    expect(await run(late)).toMatchObject({
      ...{ success: false, effects: ['a'], result: { error: { name: 'SuspendedTimedOut' } } },
    })
  })

  const spite = flow({
    modules: [
      asking({ required_events: 1, timeout: 1, continue_on_disapprove_timeout: true }),
      after,
    ],
  })
  rule('goes on in spite of that where it says so, with the error as the answer', async () => {
    expect(await run(spite)).toMatchObject({
      ...{ success: true, effects: ['a', 'b'] },
      result: { resume: { error: { name: 'SuspendedTimedOut' } } },
    })
  })

  const last = flow({ modules: [asking({ required_events: 1 })] })
  rule('waits at the end of a flow too', async () => {
    const { id, asked } = await waiting(last)
    await answer((await urls(asked, 7)).resume)
    expect(await ended(id)).toMatchObject({ success: true, result: 1 })
  })

  const handled = flow({
    modules: [asking({ required_events: 1 }), after],
    failure_module: step('failure', effect, { name: 'failure', value: '=error.name' }),
  })
  rule('that is refused is seen by the failure module', async () => {
    const { id, asked } = await waiting(handled)
    await answer((await urls(asked, 7)).cancel)
    expect(await ended(id)).toMatchObject({
      ...{ success: false, effects: ['a', 'failure'], result: 'SuspendedDisapproved' },
    })
  })
})
