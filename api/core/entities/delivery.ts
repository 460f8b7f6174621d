import * as z from 'zod'
import { handlerNames } from '../events/subscriptions.ts'
import { id, text, timestamp } from './fields.ts'

export const handlerName = z.enum(handlerNames)
export const deliveryState = z.enum(['waiting', 'parked'])

export const EventDelivery = z
  .object({
    event_id: id,
    event_type: text(),
    handler: text(),
    state: deliveryState,
    attempts: z.int(),
    error: text().nullable().meta({ description: 'what the last try failed with' }),
    next_try_at: timestamp,
    parked_at: timestamp.nullable(),
    project_id: id.nullable(),
    sprint_id: id.nullable(),
    protocol_run_id: id.nullable(),
    correlation_id: text(),
    emitted_at: timestamp,
  })
  .meta({ id: 'Delivery', description: 'Work of a handler that an event asked for, not done yet' })
export type EventDelivery = z.infer<typeof EventDelivery>
