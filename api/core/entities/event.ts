import * as z from 'zod'
import { id, metadata, text, timestamp } from './fields.ts'

/** How much an event matters to somebody who does not wait for it, the least first. */
export const eventLevel = z.enum(['debug', 'info', 'warning', 'error'])
export type EventLevel = z.infer<typeof eventLevel>

export const StoredEvent = z
  .object({
    id,
    cursor: text().meta({ description: 'position in the stream; resume after it' }),
    type: text(),
    level: eventLevel,
    entity_type: text(),
    entity_id: id,
    project_id: id.nullable(),
    sprint_id: id.nullable(),
    protocol_run_id: id.nullable(),
    correlation_id: text(),
    causation_id: id.nullable(),
    session_key: text().nullable(),
    agent: text().nullable(),
    actor: text(),
    payload: metadata,
    emitted_at: timestamp,
  })
  .meta({ id: 'Event', description: 'Something that happened; never changed' })
export type StoredEvent = z.infer<typeof StoredEvent>
