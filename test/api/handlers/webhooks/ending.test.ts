import { expect, test } from 'vitest'
import { clientOf, eventually } from '../../../support/api.ts'
import { testDatabase } from '../../../support/database.ts'
import { startReceiver } from '../../support/receiver.ts'
import { secondProcess } from '../../support/second-process.ts'

const database = await testDatabase()
const adminToken = 'test-admin-token'
const start = () => secondProcess({ database, adminToken }, { allowPrivate: 'all' })

test('a process that ends gives back the message it has in hand; the next one sends it', async () => {
  const receiver = await startReceiver()
  receiver.answer = () => {}
  const first = await start()
  const api = clientOf(first.url, adminToken, database)
  await api.post('/webhook-subscriptions', {
    project_id: null,
    url: receiver.url,
    event_types: ['project.created'],
  })
  await api.post('/projects', { slug: 'p', name: 'P' })
  await receiver.count(1)
  await first.close()
  const message = () => database.sql`select * from webhook_messages`
  expect(await message()).toMatchObject([{ state: 'waiting', attempts: 0, leased_until: null }])

  receiver.answer = (_, response) => response.end()
  const next = await start()
  const [sent] = await eventually(message, ([row]) => row?.state === 'sent')
  expect(sent).toMatchObject({ state: 'sent', attempts: 1 })
  expect(receiver.received.map((it) => it.id)).toEqual([`msg_${sent?.id}`, `msg_${sent?.id}`])
  await next.close()
  await receiver.close()
})
