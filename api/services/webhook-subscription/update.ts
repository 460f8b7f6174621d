import { updateSubscription as command } from '../../commands/webhooks.ts'
import { found } from '../../core/errors.ts'
import { changesBetween } from '../../core/events/changes.ts'
import { parkWaiting } from '../../store/webhook-messages.ts'
import { lockSubscription, updateSubscription as save } from '../../store/webhook-subscriptions.ts'
import { mutation } from '../mutation.ts'
import type { Work } from '../runtime.ts'
import { withCheckedAddress } from './checked-address.ts'
import { toldOf } from './told.ts'

const update = mutation(command, async (work, { subscription_id, ...wanted }) => {
  const before = found(
    await lockSubscription(work.tx, subscription_id),
    'webhook subscription',
    subscription_id,
  )
  const changes = changesBetween(before, wanted)
  if (!changes) {
    work.nothingChanged()
    return before
  }
  const after = await save(work.tx, subscription_id, changes.values)
  if (!after.active) await parkWaiting(work.tx, subscription_id, 'the subscription was turned off')
  await work.record(
    toldOf(after, {
      type: 'webhook.changed',
      // Names alone: an address can be a secret.
      payload: { fields: Object.keys(changes.values), reason: null },
    }),
  )
  return after
})

export const updateSubscription = withCheckedAddress(update, ({ url }) => url)

/** Turns a subscription off because its address wants no more; false where it has another by now. */
export async function turnOff(
  work: Work,
  { subscription_id, url }: { subscription_id: number; url: string },
  reason: string,
): Promise<boolean> {
  const subscription = await lockSubscription(work.tx, subscription_id)
  if (!subscription?.active || subscription.url !== url) return false
  await save(work.tx, subscription_id, { active: false })
  await parkWaiting(work.tx, subscription_id, reason)
  await work.record(
    toldOf(subscription, { type: 'webhook.changed', payload: { fields: ['active'], reason } }),
  )
  return true
}
