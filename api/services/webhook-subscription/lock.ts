import { conflict, found } from '../../core/errors.ts'
import { lockSubscription } from '../../store/webhook-subscriptions.ts'
import type { Work } from '../runtime.ts'

/** A subscription that sends. */
export async function lockActive(work: Work, id: number) {
  const subscription = found(await lockSubscription(work.tx, id), 'webhook subscription', id)
  if (subscription.active) return subscription
  throw conflict(
    'webhook_subscription_is_active',
    `The webhook subscription ${id} is turned off; turn it on first (active: true).`,
  )
}
