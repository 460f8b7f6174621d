import { testSubscription as command } from '../../commands/webhooks.ts'
import { originOf } from '../../core/webhooks/url.ts'
import { messageOfNewestEvent } from '../../store/webhook-messages.ts'
import { mutation } from '../mutation.ts'
import { lockActive } from './lock.ts'
import { toldOf } from './told.ts'

export const testSubscription = mutation(command, async (work, { subscription_id }) => {
  const subscription = await lockActive(work, subscription_id)
  await work.record(
    toldOf(subscription, {
      type: 'webhook.tested',
      payload: { origin: originOf(subscription.url) },
    }),
  )
  return messageOfNewestEvent(work.tx, subscription_id)
})
