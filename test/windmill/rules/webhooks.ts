import { randomUUID } from 'node:crypto'
import { describe, expect } from 'vitest'
import { code, step } from '../support/modules.ts'
import { rule, server, taken } from '../support/rule.ts'
import { call, ended, send, start, until } from '../support/runs.ts'
import { echo, effect, fail, slow } from '../support/scripts.ts'
import { flow } from '../support/workspace.ts'

const waited = (path: string) => `/jobs/run_wait_result/f/${taken(path)}`

describe('a webhook', () => {
  /** Answers its arguments, as an empty flow does. */
  const echoing = flow({ modules: [] })

  rule('that waits answers the result', async () => {
    const { status, json } = await send('POST', waited(echoing), { body: { x: [1] } })
    expect({ status, json }).toEqual({ status: 200, json: { x: [1] } })
  })

  rule('that does not wait answers 201 and the id of the job', async () => {
    const { status, text } = await send('POST', `/jobs/run/f/${echoing}`, { body: { x: 1 } })
    expect(status).toBe(201)
    expect((await ended(text)).result).toEqual({ x: 1 })
  })

  rule('may choose the id of its job', async () => {
    const job_id = randomUUID()
    expect(await start(echoing, { x: 1 }, { query: { job_id } })).toBe(job_id)
    expect((await ended(job_id)).result).toEqual({ x: 1 })
  })

  rule('may carry its token in the query', async () => {
    const { url, workspace, token } = server()
    const address = `${url}/api/w/${workspace}${waited(echoing)}`
    expect((await call('POST', address, { body: { x: 1 }, query: { token } })).json).toEqual({
      x: 1,
    })
  })

  rule('without a token, or with a wrong one, is refused', async () => {
    const { url, workspace } = server()
    const address = `${url}/api/w/${workspace}${waited(echoing)}`
    for (const token of ['', 'wrong']) {
      expect((await call('POST', address, { body: {}, query: { token } })).status).toBe(401)
    }
  })

  rule('to a flow that does not exist is 404', async () => {
    expect((await send('POST', waited(`${echoing}_not`), { body: {} })).status).toBe(404)
  })

  rule('adds headers, the raw body, or the whole body, where its query asks for it', async () => {
    const asked = { include_header: 'X-One', raw: 'true' }
    const headers = { 'X-One': 'first' }
    const { json } = await send('POST', waited(echoing), { body: { x: 1 }, query: asked, headers })
    expect(json).toEqual({ x: 1, x_one: 'first', raw_string: '{"x":1}' })
    const wrapped = await send('POST', waited(echoing), { body: [1], query: { wrap_body: 'true' } })
    expect(wrapped.json).toEqual({ body: [1] })
  })

  const failing = flow({ modules: [step('a', fail, { why: 'no' })] })
  rule('to a flow that fails is answered with 500 and the error', async () => {
    const { status, json } = await send('POST', waited(failing), { body: {} })
    expect({ status, json }).toMatchObject({ status: 500, json: { error: { message: 'no' } } })
  })

  const choosing = flow({
    modules: [
      step('a', echo, {
        value: {
          windmill_status_code: 202,
          windmill_headers: { 'X-Two': 'second' },
          windmill_content_type: 'text/csv',
          result: 'a,b',
        },
      }),
    ],
  })
  rule('is answered with the status, headers and type that the result chooses', async () => {
    const { status, headers, text } = await send('POST', waited(choosing), { body: {} })
    expect({ status, text }).toEqual({ status: 202, text: 'a,b' })
    expect(headers.get('x-two')).toBe('second')
    expect(headers.get('content-type')).toMatch(/^text\/csv/)
  })

  const early = flow({
    modules: [step('a', echo, { value: 'early' }), step('b', slow, { name: 'b', seconds: 0.3 })],
    early_return: 'a',
  })
  rule('is answered by the step that early_return names; the flow goes on', async () => {
    const job_id = randomUUID()
    const { json } = await send('POST', waited(early), { body: {}, query: { job_id } })
    expect(json).toBe('early')
    expect(await ended(job_id)).toMatchObject({ success: true, result: 'b' })
  })
})

describe('cancelling a flow', () => {
  const long = flow({
    modules: [
      step('a', effect, { name: 'a' }),
      step('b', slow, { name: 'b', seconds: 30 }),
      step('c', effect, { name: 'c' }),
    ],
  })
  rule('ends the step that runs, and begins no other', async () => {
    const id = await start(long)
    await until(id, (job) => JSON.stringify(job.flow_status).includes('b begins'))
    const body = { reason: 'enough' }
    expect((await send('POST', `/jobs_u/queue/cancel/${id}`, { body })).status).toBe(200)
    const { success, canceled, result, effects } = await ended(id)
    expect({ success, canceled, effects }).toEqual({
      ...{ success: false, canceled: true, effects: ['a', 'b begins'] },
    })
    expect(result.error).toMatchObject({
      ...{ name: 'Canceled', message: expect.stringContaining('enough') },
    })
  })

  const sleeping = flow({
    modules: [
      step('a', effect, { name: 'a' }, { sleep: { type: 'static', value: 600 } }),
      code('b', 'export function main() {}'),
    ],
  })
  rule('ends it while it sleeps', async () => {
    const id = await start(sleeping)
    await until(id, (job) => JSON.stringify(job.flow_status).includes('"a"'))
    await send('POST', `/jobs_u/queue/cancel/${id}`, { body: { reason: 'enough' } })
    expect(await ended(id)).toMatchObject({ success: false, canceled: true })
  })
})
