import {
  getSubscription as getCommand,
  listSubscriptions as listCommand,
  listMessages as messagesCommand,
} from '../../commands/webhooks.ts'
import { found } from '../../core/errors.ts'
import { listMessages as messages } from '../../store/webhook-messages.ts'
import { findSubscription, listSubscriptions as list } from '../../store/webhook-subscriptions.ts'
import { query } from '../query.ts'

export const listSubscriptions = query(listCommand, ({ db }, filter) => list(db, filter))

export const getSubscription = query(getCommand, async ({ db }, { subscription_id }) =>
  found(await findSubscription(db, subscription_id), 'webhook subscription', subscription_id),
)

export const listMessages = query(messagesCommand, ({ db }, filter) => messages(db, filter))
