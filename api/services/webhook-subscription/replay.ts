import { replayParked as allCommand, replayMessage as command } from '../../commands/webhooks.ts'
import type { WebhookSubscription } from '../../core/entities/webhook.ts'
import { found } from '../../core/errors.ts'
import { findMessage, replayMessages } from '../../store/webhook-messages.ts'
import { mutation } from '../mutation.ts'
import type { Work } from '../runtime.ts'
import { lockActive } from './lock.ts'
import { toldOf } from './told.ts'

export const replayMessage = mutation(command, async (work, { message_id }) => {
  const message = found(await findMessage(work.tx, message_id), 'webhook message', message_id)
  const subscription = await lockActive(work, message.subscription_id)
  const messages = await replayMessages(work.tx, { id: message_id })
  await tell(work, subscription, messages)
  return found(await findMessage(work.tx, message_id), 'webhook message', message_id)
})

export const replayParked = mutation(allCommand, async (work, { subscription_id }) => {
  const subscription = await lockActive(work, subscription_id)
  const replayed = await replayMessages(work.tx, { parkedOf: subscription_id })
  await tell(work, subscription, replayed)
  return { replayed }
})

async function tell(work: Work, subscription: WebhookSubscription, messages: number) {
  if (messages === 0) return work.nothingChanged()
  await work.record(toldOf(subscription, { type: 'webhook.replayed', payload: { messages } }))
}
