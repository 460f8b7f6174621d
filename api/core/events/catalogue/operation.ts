import * as z from 'zod'
import { id, text } from '../../entities/fields.ts'

/** What keeps the system going: webhooks, deliveries, alerts, tokens, the archive. */
export const operation = {
  'webhook.received': z.object({
    source: z.enum(['speckit', 'github']),
    told: text().nullable(),
    spec_path: text(),
    job_id: text(),
  }),
  'webhook.files_pushed': z.object({
    source: z.enum(['speckit', 'github']),
    told: text().nullable(),
  }),
  'webhook.job_reported': z.object({ job_id: text() }),

  'events.archived': z.object({ month: text(), file: text(), events: z.int(), sha256: text() }),

  'delivery.parked': z.object({
    event_type: text(),
    handler: text(),
    attempts: z.int(),
    error: text(),
  }),
  'delivery.replayed': z.object({ event_type: text(), handler: text() }),
  'delivery.discarded': z.object({
    event_type: text(),
    handler: text(),
    attempts: z.int(),
    error: text().nullable(),
    reason: text(),
  }),

  'alert.raised': z.object({
    rule: text(),
    subject: text(),
    detail: text(),
    value: z.number(),
    limit: z.number(),
  }),
  'alert.cleared': z.object({ rule: text(), subject: text() }),

  'token.created': z.object({ name: text(), role: text() }),
  'token.revoked': z.object({ name: text() }),

  'webhook.subscribed': z.object({ origin: text(), event_types: z.array(text()) }),
  'webhook.changed': z.object({ fields: z.array(text()), reason: text().nullable() }),
  'webhook.removed': z.object({ origin: text() }),
  'webhook.tested': z.object({ origin: text() }),
  'webhook.replayed': z.object({ messages: z.int() }),
  'webhook.parked': z.object({ messages: z.int(), first_message_id: id, error: text() }),
} as const
