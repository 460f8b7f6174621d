import * as z from 'zod'
import { id, text, timestamp } from './fields.ts'

export const webhookFormat = z.enum(['standard', 'slack'])
export type WebhookFormat = z.infer<typeof webhookFormat>

export const WebhookSubscription = z
  .object({
    id,
    project_id: id.nullable().meta({ description: 'null: the whole installation' }),
    url: text(),
    event_types: z.array(text()),
    format: webhookFormat,
    description: text().nullable(),
    active: z.boolean(),
    created_at: timestamp,
    updated_at: timestamp,
  })
  .meta({ id: 'WebhookSubscription', description: 'Events told to an address; without its secret' })
export type WebhookSubscription = z.infer<typeof WebhookSubscription>

export const webhookMessageState = z.enum(['waiting', 'sent', 'parked'])

export const WebhookMessage = z
  .object({
    id,
    subscription_id: id,
    event_id: id,
    event_type: text(),
    state: webhookMessageState,
    attempts: z.int().meta({ description: 'tries begun' }),
    next_try_at: timestamp,
    status: z.int().nullable().meta({ description: 'HTTP status of the last try' }),
    error: text().nullable(),
    created_at: timestamp,
    finished_at: timestamp.nullable(),
  })
  .meta({ id: 'WebhookMessage', description: 'One event on its way to one subscription' })
export type WebhookMessage = z.infer<typeof WebhookMessage>
