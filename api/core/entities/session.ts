import * as z from 'zod'
import { id, name, text, timestamp } from './fields.ts'

export const sessionState = z.enum(['active', 'handed_off', 'ended', 'expired'])

/** What an agent is called: the code of its profile, where it has one. */
export const agentName = name(80)

export const sessionKey = z
  .string()
  .regex(/^ws-[0-9a-f]{32}$/, 'must be the session_key that an init answered, such as ws-3f…')

export const Session = z
  .object({
    id,
    key: text().meta({ description: 'sent as X-Session-Key with all that is done in the session' }),
    project_id: id,
    entity_type: z.enum(['sprint', 'task']),
    entity_id: id,
    agent: agentName,
    actor: text().nullable().meta({
      description: 'whose token it is used with; null from a handoff until it is taken up',
    }),
    correlation_id: z.uuid().meta({ description: 'of every event of the session' }),
    state: sessionState,
    resumed_from_id: id.nullable().meta({ description: 'the session whose work this one goes on' }),
    handed_to_id: id.nullable(),
    heartbeat_at: timestamp,
    lease_until: timestamp.meta({ description: 'its claims are kept until then' }),
    expires_at: timestamp,
    created_at: timestamp,
    ended_at: timestamp.nullable(),
  })
  .meta({ id: 'Session', description: 'The work of one agent on a sprint or a task' })
export type Session = z.infer<typeof Session>

export const SessionInList = Session.extend({
  claims: z.int().meta({ description: 'tasks that it holds' }),
  open_questions: z.int().meta({
    description: 'of its memory; of sessions that share one, the last tells of them',
  }),
}).meta({ id: 'SessionInList' })
export type SessionInList = z.infer<typeof SessionInList>

export const noteKind = z.enum(['note', 'decision', 'question'])

export const SessionNote = z
  .object({
    id,
    session_id: id,
    kind: noteKind,
    text: text(20_000),
    answers_id: id.nullable().meta({ description: 'the question that this answers' }),
    agent: text().nullable(),
    actor: text(),
    created_at: timestamp,
  })
  .meta({ id: 'SessionNote' })
export type SessionNote = z.infer<typeof SessionNote>

/** As it is told of later, when the question is no longer open. */
export const RememberedNote = SessionNote.extend({
  question: text().nullable().meta({ description: 'how the question that it answers begins' }),
}).meta({ id: 'RememberedNote' })
export type RememberedNote = z.infer<typeof RememberedNote>

export const Memory = z
  .object({
    notes: z.array(RememberedNote),
    decisions: z.array(RememberedNote),
    open_questions: z.array(RememberedNote),
    left_out: z.int().meta({ description: 'older ones that are not listed' }),
  })
  .meta({ id: 'SessionMemory', description: 'The newest first, those of predecessors included' })
export type Memory = z.infer<typeof Memory>

export const Claim = z
  .object({
    task_id: id,
    task_code: text(),
    session_key: text(),
    agent: text(),
    claimed_at: timestamp,
    lease_until: timestamp,
  })
  .meta({ id: 'Claim' })
export type Claim = z.infer<typeof Claim>
