import * as z from 'zod'
import { adrStatus } from '../../entities/adr.ts'
import { id, text } from '../../entities/fields.ts'
import { noteKind } from '../../entities/session.ts'
import { priority } from '../../entities/task.ts'
import { changes, leftOut, named } from './parts.ts'

/** Who had claimed a task, in which session. */
const claim = z.object({ code: text(), agent: text(), session_key: text() })

/** Agents at work: their contexts, sessions and claims, what they write down, and its undoing. */
export const agents = {
  'bug.reported': z.object({
    code: text(),
    title: text(),
    priority,
    path: text(),
    component: text().nullable(),
    effort: text().nullable(),
  }),

  'adr.created': z.object({ number: z.int(), title: text(), status: adrStatus }),
  'adr.updated': changes,
  'adr.superseded': z.object({ number: z.int(), title: text(), from: adrStatus, by: z.int() }),

  /** Work on sprints and tasks of a project that was taken back, and that was done again. */
  'work.undone': z.object({ correlation_id: text(), restored: z.int(), archived: z.int() }),
  'work.replayed': z.object({ session_key: text(), changed: z.int(), skipped: z.int() }),

  'agent.initialized': z.object({ agent: text(), session_key: text(), resumed: z.boolean() }),
  'context.assembled': z.object({
    agent: text(),
    session_key: text(),
    /** Of the documents in it. */
    tokens: z.int(),
    cached: z.boolean(),
    ms: z.number(),
    left_out: leftOut,
  }),
  'agent.profile_created': named,
  'agent.profile_updated': changes,
  'agent.profile_deleted': named,
  'project.documents_stored': z.object({
    stored: z.array(text()),
    removed: z.array(text()),
  }),

  'session.started': z.object({ key: text(), agent: text() }),
  'session.resumed': z.object({ key: text(), agent: text() }),
  'session.noted': z.object({ key: text(), note_id: id, kind: noteKind }),
  'session.handed_off': z.object({
    key: text(),
    to_key: text(),
    to_agent: text(),
    /** The tasks that go with it. */
    claims: z.array(id),
  }),
  'session.ended': z.object({ key: text() }),
  'session.expired': z.object({ key: text() }),

  'task.claimed': claim,
  'task.released': claim.extend({
    /** Given back, moved on the board by somebody else, or finished. */
    why: z.enum(['released', 'moved', 'finished']),
  }),
  'task.claim_expired': claim,

  'file.synced': z.object({
    path: text(),
    /** Whether what it says came into the database, or the other way. */
    direction: z.enum(['to_database', 'to_repository']),
    fields: z.array(text()),
    sha256: text(),
  }),
} as const
