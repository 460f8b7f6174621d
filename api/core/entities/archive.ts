import * as z from 'zod'
import { text, timestamp } from './fields.ts'

const month = z.string().regex(/^\d{4}-\d{2}$/)

export const ArchivedMonth = z
  .object({
    month,
    since: timestamp,
    until: timestamp,
    file: text().meta({ description: 'gzipped JSON lines, an event each, in stream order' }),
    sha256: text().meta({ description: 'of the file as it lies there' }),
    bytes: z.int(),
    events: z.int(),
    first_cursor: text(),
    last_cursor: text(),
    recorded_at: timestamp,
    finished_at: timestamp.nullable().meta({ description: 'null while events are being moved' }),
  })
  .meta({ id: 'ArchivedMonth', description: 'A month of events that lies in a file' })
export type ArchivedMonth = z.infer<typeof ArchivedMonth>

export const MonthToArchive = z
  .object({
    month,
    events: z.int().meta({ description: 'of it, in the database before this call' }),
    state: z.enum(['archived', 'waiting', 'held']),
    reason: text().nullable().meta({ description: 'why it is held' }),
    file: text().nullable(),
  })
  .meta({ id: 'MonthToArchive' })
export type MonthToArchive = z.infer<typeof MonthToArchive>
