import * as z from 'zod'
import { id, idText, text } from '../core/entities/fields.ts'
import {
  agentName,
  Claim,
  Memory,
  noteKind,
  Session,
  SessionInList,
  SessionNote,
  sessionKey,
  sessionState,
} from '../core/entities/session.ts'
import { command, listOf, page } from './command.ts'

export const bySession = z.object({
  session_key: sessionKey.meta({ description: 'the session, as agent init answered it' }),
})

export const listSessions = command({
  name: 'session.list',
  summary: 'List the sessions in which agents work or have worked',
  scope: 'read',
  method: 'get',
  path: '/sessions',
  cli: 'session list',
  query: z.object({
    ...page,
    project_id: z.coerce.number().int().positive().optional(),
    agent: agentName.optional(),
    state: sessionState.optional(),
    asking: z.stringbool().default(false).meta({ description: 'those with open questions alone' }),
    order: z.enum(['asc', 'desc']).default('asc').meta({ description: 'desc: the newest first' }),
  }),
  output: listOf(SessionInList),
})

export const getSession = command({
  name: 'session.get',
  summary: 'Read a session: its state, its memory and the tasks it has claimed',
  scope: 'read',
  method: 'get',
  path: '/sessions/:session_key',
  tool: 'orchestration_session_show',
  cli: 'session show',
  params: bySession,
  output: Session.extend({
    memory: Memory,
    claims: z.array(Claim),
    thread: z.array(Session).meta({
      description: 'the sessions that share this memory, by handoff or resumption, in order',
    }),
  }).meta({ id: 'SessionWithMemory' }),
})

const said = text(20_000).refine((it) => it.trim() !== '', 'must not be blank')

export const noteInSession = command({
  name: 'session.note',
  summary: 'Remember a note, a decision or an open question for whoever goes on with the work',
  scope: 'work',
  method: 'post',
  path: '/sessions/:session_key/notes',
  status: 201,
  tool: 'orchestration_session_note',
  cli: 'session note',
  params: bySession,
  body: z.strictObject({
    kind: noteKind.default('note').meta({
      description:
        'a note, a decision with its reason, or a question that is still open: its answer is in what session show tells',
    }),
    text: said.meta({ description: 'what to remember' }),
    answers_id: id
      .nullish()
      .meta({ description: 'id of the open question that this answers, which closes it' }),
  }),
  output: SessionNote,
})

export const answerQuestion = command({
  name: 'session.answer',
  summary: 'Answer an open question of a session, for whoever goes on with its work',
  scope: 'plan',
  method: 'post',
  path: '/sessions/:session_key/questions/:question_id/answer',
  status: 201,
  cli: 'session answer',
  params: bySession.extend({
    question_id: idText.meta({ description: 'the note that asks; session show lists those open' }),
  }),
  body: z.strictObject({ text: said.meta({ description: 'the answer, kept as a decision' }) }),
  output: SessionNote,
})

export const beatSession = command({
  name: 'session.heartbeat',
  summary: 'Say that the agent is still at it, which keeps its session and its claims',
  scope: 'work',
  method: 'post',
  path: '/sessions/:session_key/heartbeat',
  tool: 'orchestration_session_heartbeat',
  cli: 'session heartbeat',
  params: bySession,
  output: Session,
})

export const handOffSession = command({
  name: 'session.handoff',
  summary: 'Hand the work to another agent, with its memory and its claims',
  scope: 'work',
  method: 'post',
  path: '/sessions/:session_key/handoff',
  status: 201,
  tool: 'orchestration_session_handoff',
  cli: 'session handoff',
  params: bySession,
  body: z.strictObject({
    to_agent: agentName.meta({ description: 'the agent that goes on' }),
    message: text(20_000).optional().meta({
      description: 'what the receiver must know first; kept as a note',
    }),
  }),
  output: z.object({
    session: Session.meta({ description: 'the session of the receiver' }),
    claims: z.array(Claim),
    message: text(),
  }),
})

export const endSession = command({
  name: 'session.end',
  summary: 'End a session; tasks that it has claimed and not finished go back to the pool',
  scope: 'work',
  method: 'post',
  path: '/sessions/:session_key/end',
  tool: 'orchestration_session_end',
  cli: 'session end',
  params: bySession,
  output: Session,
})
