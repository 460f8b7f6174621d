import { deleteSubscription as command } from '../../commands/webhooks.ts'
import { found } from '../../core/errors.ts'
import { originOf } from '../../core/webhooks/url.ts'
import { deleteSubscription as remove } from '../../store/webhook-subscriptions.ts'
import { mutation } from '../mutation.ts'
import { toldOf } from './told.ts'

export const deleteSubscription = mutation(command, async (work, { subscription_id }) => {
  const removed = found(
    await remove(work.tx, subscription_id),
    'webhook subscription',
    subscription_id,
  )
  await work.record(
    toldOf(removed, { type: 'webhook.removed', payload: { origin: originOf(removed.url) } }),
  )
  return removed
})
