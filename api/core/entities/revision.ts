import * as z from 'zod'
import { id, text, timestamp } from './fields.ts'

const revisedEntity = z.enum(['sprint', 'task'])
export type RevisedEntity = z.infer<typeof revisedEntity>

/** Who made a revision, why and when, and how it hangs on the one before. */
const link = {
  number: z.int().positive().meta({ description: '1 for the first of an entity, without gaps' }),
  hash: text().meta({ description: 'SHA-256 in hex; the beginning of it names a revision, too' }),
  parent_hash: text().nullable(),
  actor: text(),
  agent: text().nullable(),
  session_key: text().nullable(),
  correlation_id: text().nullable(),
  created_at: timestamp,
}

/** What a sprint or task was after a transaction that changed it. Migration 0022 writes them. */
export const Revision = z
  .object({
    entity_type: revisedEntity,
    entity_id: id,
    project_id: id,
    ...link,
    content: text().meta({
      description: 'canonical JSON (RFC 8785) of the sprint or task; null once it is deleted',
    }),
  })
  .meta({ id: 'Revision' })
export type Revision = z.infer<typeof Revision>

export const RevisionInHistory = z
  .object({
    ...link,
    fields: z.array(text()).meta({ description: 'what differs from the revision before' }),
    changes: z.array(z.object({ field: text(), from: z.json(), to: z.json() })).meta({
      description: 'of those, what can be told in a line; a diff tells the rest',
    }),
  })
  .meta({ id: 'RevisionInHistory' })
export type RevisionInHistory = z.infer<typeof RevisionInHistory>

export const FieldDifference = z
  .object({
    field: text(),
    from: z.json(),
    to: z.json(),
    lines: text().optional().meta({ description: 'a text of several lines, as a unified diff' }),
  })
  .meta({ id: 'FieldDifference' })
export type FieldDifference = z.infer<typeof FieldDifference>

const place = z.object({ number: z.int(), hash: text() })
export const RevisionDiff = z
  .object({ from: place, to: place, fields: z.array(FieldDifference) })
  .meta({ id: 'RevisionDiff' })

const touched = { entity_type: revisedEntity, entity_id: id, code: text() }

export const UndoneWork = z
  .object({
    correlation_id: text(),
    restored: z.array(z.object(touched)),
    archived: z.array(z.object(touched)).meta({ description: 'what that work had made' }),
  })
  .meta({ id: 'UndoneWork' })

export const ReplayConflict = z
  .object({
    ...touched,
    field: text().nullable(),
    base: z.json().meta({ description: 'what it was when the session changed it' }),
    present: z.json(),
    replayed: z.json().meta({ description: 'what the session made of it' }),
    reason: text(),
  })
  .meta({ id: 'ReplayConflict' })
export type ReplayConflict = z.infer<typeof ReplayConflict>

export const ReplayedWork = z
  .object({
    session_key: text(),
    applied: z.boolean(),
    changed: z.array(z.object({ ...touched, fields: z.array(text()) })),
    conflicts: z.array(ReplayConflict),
    unmatched: z
      .array(z.object(touched))
      .meta({ description: 'tasks that have no match, or several, in the sprint to replay onto' }),
  })
  .meta({ id: 'ReplayedWork' })

export const RevisionFault = z
  .object({
    entity_type: revisedEntity,
    entity_id: id,
    number: z.int().nullable().meta({ description: 'of the revision; null: the row itself' }),
    fault: z.enum(['hash', 'parent', 'number', 'row', 'unrecorded']),
    detail: text(),
  })
  .meta({ id: 'RevisionFault' })
export type RevisionFault = z.infer<typeof RevisionFault>

export const Verification = z
  .object({
    revisions: z.int(),
    entities: z.int(),
    faults: z.array(RevisionFault).meta({ description: 'the first thousand' }),
    more: z.int().meta({ description: 'faults beyond those' }),
  })
  .meta({ id: 'Verification' })
export type Verification = z.infer<typeof Verification>
