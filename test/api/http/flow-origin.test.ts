import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { eventIdIn, flowJobIdOf } from '../../../api/core/flow-job.ts'
import { checkedApi } from '../support/checked-api.ts'

const api = await checkedApi()
const { sql } = api.database
const tokenOf = async (fields: object) =>
  (await api.post('/tokens', { name: 'flows', role: 'member', ...fields })).body.secret
const [service, person] = [await tokenOf({ service: true }), await tokenOf({})]

let nth = 0
/** Changes something as a flow with this job id would, and answers where that came from. */
async function originOf(job: string, token: string) {
  const headers = { 'X-Correlation-Id': job }
  const { body } = await api.post(
    '/projects',
    { slug: `p-${++nth}`, name: 'P' },
    { token, headers },
  )
  const [event] = (await api.get(`/events?type=project.created&entity_id=${body.id}`)).body.items
  return [event.correlation_id, event.causation_id]
}
async function told(type: string, payload: object) {
  const [event] = await sql`
    insert into events (type, entity_type, entity_id, correlation_id, actor, payload)
    values (${type}, 'any', 1, 'the-beginning', 'a', ${sql.json(payload as never)})
    returning id::int, emitted_at`
  return { id: Number(event?.id), emitted_at: new Date(event?.emitted_at).toISOString() }
}

test('what a flow does belongs to the event a handler started it over', async () => {
  const event = await told('protocol.created', {})
  expect(await originOf(flowJobIdOf(event), service)).toEqual(['the-beginning', event.id])
})

test('what a flow does belongs to the hook that told its job', async () => {
  const job = flowJobIdOf({ id: 2 ** 40, emitted_at: 'any time' })
  const event = await told('webhook.received', { job_id: job })
  expect(await originOf(job, service)).toEqual(['the-beginning', event.id])
})

test('a job that nobody here started, or only looks so, is its own beginning', async () => {
  const event = await told('protocol.created', {})
  const forged = flowJobIdOf({ ...event, emitted_at: 'another time' })
  for (const job of [forged, randomUUID(), 'any text']) {
    expect(await originOf(job, service)).toEqual([job, null])
  }
})

test('who is no service is not believed', async () => {
  const event = await told('protocol.created', {})
  const [correlation, causation] = await originOf(flowJobIdOf(event), person)
  expect(correlation).not.toBe('the-beginning')
  expect(causation).toBeNull()
})

test('a job id is a UUID that holds the event, the same each time', () => {
  const event = { id: 2 ** 48 - 1, emitted_at: '2026-01-01T00:00:00.000Z' }
  expect(flowJobIdOf(event)).toMatch(
    /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
  )
  expect(flowJobIdOf(event)).toBe(flowJobIdOf(event))
  expect(eventIdIn(flowJobIdOf(event))).toBe(event.id)
  expect(eventIdIn(randomUUID())).toBeNull()
})
