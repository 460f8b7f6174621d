import { grants } from '../../core/entities/access.ts'
import { conflict, DomainError } from '../../core/errors.ts'
import type { Tx } from '../../store/database.ts'
import {
  findSession,
  findSessionById,
  type SessionRow,
  touchSession,
} from '../../store/sessions.ts'
import type { Caller } from '../runtime.ts'

/**
 * The session that a change is made in, kept alive by it. It belongs to whoever's token began it:
 * another agent's token is refused, be the key known from an event; agents that share one token
 * trust each other. Who plans the work may act in any.
 * @throws DomainError that says how to go on, where the session is unknown, over or another one's
 */
export async function enterSession(tx: Tx, caller: Caller, key: string): Promise<SessionRow> {
  const session = await touchSession(tx, key)
  if (!session) throw await whyNot(tx, key)
  refuseStranger(session, caller)
  return session
}

/** On whose account the changes of a session are: one correlation and one agent for all of them. */
export const inSession = (caller: Caller, session: SessionRow): Caller => ({
  ...caller,
  sessionKey: session.key,
  agent: session.agent,
  correlationId: session.correlation_id,
  causationId: null,
})

function refuseStranger(session: SessionRow, caller: Caller): void {
  if (session.actor === caller.actor || grants(caller.role, 'plan')) return
  const { key, agent, actor } = session
  if (actor === null) {
    throw conflict(
      'session_is_handed_over',
      `Session ${key} waits for ${agent}, to whom it was handed: take it up with AGENT INIT SESSION:${key} as agent ${agent}.`,
    )
  }
  throw new DomainError(
    'forbidden',
    'session_owner',
    `Session ${key} is that of ${agent}, with the token of ${actor}; begin one of your own with AGENT INIT, or have it handed to you.`,
  )
}

/** To a worker, who may begin one. */
export const noSession = (key: string): DomainError =>
  new DomainError(
    'not_found',
    'session_exists',
    `There is no session ${key}; begin one with AGENT INIT S:<sprint code> or T:<task code>.`,
  )

async function whyNot(tx: Tx, key: string): Promise<DomainError> {
  const session = await findSession(tx, key)
  if (!session) return noSession(key)
  if (session.state === 'handed_off' && session.handed_to_id !== null) {
    const next = await findSessionById(tx, session.handed_to_id)
    return conflict(
      'session_handed_off',
      `Session ${key} was handed to ${next?.agent}, who goes on in session ${next?.key}; nothing more is written in this one. Begin a new one with AGENT INIT.`,
    )
  }
  const resume = `Resume it with AGENT INIT SESSION:${key}.`
  return session.state === 'ended'
    ? conflict('session_ended', `Session ${key} ended at ${session.ended_at}. ${resume}`)
    : conflict('session_expired', `Session ${key} expired at ${session.expires_at}. ${resume}`)
}
