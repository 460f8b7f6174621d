import { afterEach, expect, test } from 'vitest'
import { eventually, type Json } from '../../../support/api.ts'
import { checkedApi } from '../../support/checked-api.ts'
import { answering, isSigned, type Receiver, startReceiver } from '../../support/receiver.ts'

// Tries that follow at once, or never: a test makes a message due itself.
const never = 100_000
const api = await checkedApi({ outgoing: { allowPrivate: 'all', waits: [0, 0, never] } })
const { sql } = api.database
const receivers: Receiver[] = []
const receiver = async () => {
  const one = await startReceiver()
  receivers.push(one)
  return one
}
afterEach(async () => {
  await sql`delete from webhook_subscriptions`
  await Promise.all(receivers.splice(0).map((one) => one.close()))
})

const subscribe = async (to: { url: string }, fields: object = {}): Promise<Json> => {
  const wanted = { project_id: null, url: to.url, event_types: ['task.*'], ...fields }
  const { status, body } = await api.post('/webhook-subscriptions', wanted)
  expect(status, JSON.stringify(body)).toBe(201)
  return body
}
const messages = async (query = ''): Promise<Json[]> =>
  (await api.get(`/webhook-messages?limit=1000&${query}`)).body.items

test('an event is sent to whoever subscribed to it, signed', async () => {
  const to = await receiver()
  const project = await api.project()
  const { secret } = await subscribe(to, { project_id: project.id })
  const task = await api.task(project.id, { title: 'Write' })
  const [one] = await to.count(1)
  expect(one).toMatchObject({
    id: expect.stringMatching(/^msg_\d+$/),
    body: {
      type: 'task.created',
      timestamp: expect.any(String),
      data: { event: { type: 'task.created', entity_id: task.id, payload: { title: 'Write' } } },
    },
  })
  if (!one) throw new Error('nothing came')
  expect(isSigned(one, secret)).toBe(true)
  expect(Math.abs(one.timestamp - Date.now() / 1000)).toBeLessThan(60)
})
