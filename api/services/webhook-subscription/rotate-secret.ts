import { rotateSecret as command } from '../../commands/webhooks.ts'
import { found } from '../../core/errors.ts'
import { replaceSecret } from '../../store/webhook-subscriptions.ts'
import { mutation } from '../mutation.ts'
import { newWebhookSecret } from './secret.ts'
import { toldOf } from './told.ts'

/** As long as a receiver has to take the new secret in. */
const hoursOfBoth = 24

export const rotateSecret = mutation(
  command,
  async (work, { subscription_id }) => {
    const secret = newWebhookSecret()
    const subscription = found(
      await replaceSecret(work.tx, subscription_id, secret, hoursOfBoth),
      'webhook subscription',
      subscription_id,
    )
    await work.record(
      toldOf(subscription, {
        type: 'webhook.changed',
        payload: { fields: ['secret'], reason: null },
      }),
    )
    return { ...subscription, secret }
  },
  { kept: (subscription) => ({ ...subscription, secret: null }) },
)
