import * as z from 'zod'
import { id, idText, text } from '../core/entities/fields.ts'
import {
  WebhookMessage,
  WebhookSubscription,
  webhookFormat,
  webhookMessageState,
} from '../core/entities/webhook.ts'
import { meant, storedName } from '../core/events/orchestration-names.ts'
import { eventPatterns } from '../core/webhooks/event-patterns.ts'
import { faultOfUrl } from '../core/webhooks/url.ts'
import { command, listOf, page } from './command.ts'

const bySubscription = z.object({ subscription_id: idText })
const byMessage = z.object({ message_id: idText })
const number = z.coerce.number().int().positive().optional()

const url = text(2048).superRefine((value, context) => {
  const message = faultOfUrl(value)
  if (message) context.addIssue({ code: 'custom', message })
})
const eventTypes = z
  .array(
    z.preprocess(
      (named) => (typeof named === 'string' ? storedName(named) : named),
      z.enum(eventPatterns as [string, ...string[]], {
        error: ({ input }) =>
          `must be "*", a family such as "task.*", or a type of event such as "task.created"${meant(String(input))}`,
      }),
    ),
  )
  .min(1)
  .max(100)
  .transform((types) => [...new Set(types)])
const description = text(1000)

const WithSecret = WebhookSubscription.extend({
  secret: text()
    .nullable()
    .meta({ description: 'shown once: null where an Idempotency-Key is repeated' }),
}).meta({ id: 'WebhookSubscriptionWithSecret' })

export const listSubscriptions = command({
  name: 'webhook_subscription.list',
  summary: 'List webhook subscriptions, without their secrets',
  scope: 'admin',
  method: 'get',
  path: '/webhook-subscriptions',
  query: z.object({ ...page, project_id: number }),
  output: listOf(WebhookSubscription),
})

export const createSubscription = command({
  name: 'webhook_subscription.create',
  summary: 'Send events to an address; the secret that signs them is shown once',
  scope: 'admin',
  method: 'post',
  path: '/webhook-subscriptions',
  status: 201,
  body: z.strictObject({
    project_id: id
      .nullable()
      .meta({ description: 'null: the whole installation, also what belongs to no project' }),
    url,
    event_types: eventTypes,
    format: webhookFormat.default('standard'),
    description: description.nullish(),
    active: z.boolean().default(true),
  }),
  output: WithSecret,
})

export const getSubscription = command({
  name: 'webhook_subscription.get',
  summary: 'Read a webhook subscription',
  scope: 'admin',
  method: 'get',
  path: '/webhook-subscriptions/:subscription_id',
  params: bySubscription,
  output: WebhookSubscription,
})

export const updateSubscription = command({
  name: 'webhook_subscription.update',
  summary: 'Change a webhook subscription; turned off, what waits for it is parked',
  scope: 'admin',
  method: 'patch',
  path: '/webhook-subscriptions/:subscription_id',
  params: bySubscription,
  body: z.strictObject({
    url: url.optional(),
    event_types: eventTypes.optional(),
    format: webhookFormat.optional(),
    description: description.nullish(),
    active: z.boolean().optional(),
  }),
  output: WebhookSubscription,
})

export const deleteSubscription = command({
  name: 'webhook_subscription.delete',
  summary: 'Delete a webhook subscription and its messages',
  scope: 'admin',
  method: 'delete',
  path: '/webhook-subscriptions/:subscription_id',
  params: bySubscription,
  output: WebhookSubscription,
})

export const testSubscription = command({
  name: 'webhook_subscription.test',
  summary: 'Send a test message; its fate is in the list of messages',
  scope: 'admin',
  method: 'post',
  path: '/webhook-subscriptions/:subscription_id/actions/test',
  params: bySubscription,
  output: WebhookMessage,
})

export const rotateSecret = command({
  name: 'webhook_subscription.rotate_secret',
  summary: 'Make a new secret; for a day messages are signed with the old one too',
  scope: 'admin',
  method: 'post',
  path: '/webhook-subscriptions/:subscription_id/actions/rotate-secret',
  params: bySubscription,
  output: WithSecret,
})

export const replayParked = command({
  name: 'webhook_subscription.replay_parked',
  summary: 'Send all parked messages of a subscription again',
  scope: 'admin',
  method: 'post',
  path: '/webhook-subscriptions/:subscription_id/actions/replay-parked',
  params: bySubscription,
  output: z.object({ replayed: z.int() }),
})

export const listMessages = command({
  name: 'webhook_message.list',
  summary: 'List webhook messages: waiting, sent in the last days, or parked after the last try',
  scope: 'admin',
  method: 'get',
  path: '/webhook-messages',
  query: z.object({
    ...page,
    subscription_id: number,
    state: webhookMessageState.optional(),
  }),
  output: listOf(WebhookMessage),
})

export const replayMessage = command({
  name: 'webhook_message.replay',
  summary: 'Send a message again now, under the same id and with all its tries',
  scope: 'admin',
  method: 'post',
  path: '/webhook-messages/:message_id/actions/replay',
  params: byMessage,
  output: WebhookMessage,
})
