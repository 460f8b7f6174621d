import { z } from 'zod'
import { eventLevel, StoredEvent } from '../core/entities/event.ts'
import { momentText, text, timestamp } from '../core/entities/fields.ts'
import { typePatterns } from '../core/events/filter.ts'
import { command, listOf, page } from './command.ts'

const number = z.coerce.number().int().positive().optional()

export const listEvents = command({
  name: 'event.list',
  summary: 'Read events in stream order, or the newest first',
  scope: 'read',
  method: 'get',
  path: '/events',
  query: z.object({
    ...page,
    order: z.enum(['asc', 'desc']).default('asc').meta({ description: 'desc: the newest first' }),
    id: number.meta({ description: 'one event' }),
    type: typePatterns.optional(),
    level: eventLevel.optional().meta({ description: 'this level and those above it' }),
    entity_type: text(100).optional(),
    entity_id: number,
    project_id: number,
    sprint_id: number,
    protocol_run_id: number,
    correlation_id: text(200).optional(),
    actor: text(200).optional(),
    since: momentText.optional().meta({ description: 'emitted then or later' }),
    until: momentText.optional().meta({ description: 'emitted before then' }),
  }),
  output: listOf(StoredEvent).extend({
    archived_until: timestamp
      .nullable()
      .meta({ description: 'older events lie in files; see /events/archives' }),
  }),
})
