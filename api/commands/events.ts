import { z } from 'zod'
import { StoredEvent } from '../core/entities/event.ts'
import { text } from '../core/entities/fields.ts'
import { command, listOf, page } from './command.ts'

const number = z.coerce.number().int().positive().optional()

export const listEvents = command({
  name: 'event.list',
  summary: 'Read events in stream order',
  scope: 'read',
  method: 'get',
  path: '/events',
  query: z.object({
    ...page,
    type: text(100).optional(),
    entity_type: text(100).optional(),
    entity_id: number,
    project_id: number,
    sprint_id: number,
    protocol_run_id: number,
    correlation_id: text(200).optional(),
  }),
  output: listOf(StoredEvent),
})
