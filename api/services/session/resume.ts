import { conflict, DomainError, notFound } from '../../core/errors.ts'
import {
  findSessionById,
  insertSession,
  lockSession,
  renewSession,
  type SessionRow,
} from '../../store/sessions.ts'
import type { Work } from '../runtime.ts'

/**
 * Goes on with a session. Its own agent goes on in it, and so does the one to whom it was handed;
 * another agent goes on with the work of one that is over, in a session of its own.
 * @throws DomainError where somebody else is at it
 */
export async function resumeSession(
  work: Work,
  key: string,
  agent: string | undefined,
): Promise<SessionRow> {
  const session = await lastOfHandoffs(work, key)
  const asked = agent ?? session.agent
  const takesUp = session.actor === null && asked === session.agent
  const isOwn = session.actor === work.caller.actor && asked === session.agent
  if (takesUp || isOwn) {
    return renewSession(work.tx, session.id, work.caller.actor)
  }
  if (session.over && session.key === key) {
    const { project_id, sprint_id, task_id } = session
    const { actor } = work.caller
    return insertSession(work.tx, {
      ...{ project_id, sprint_id, task_id, agent: asked, actor, before: session },
    })
  }
  if (session.key !== key) {
    throw conflict(
      'session_handed_off',
      `Session ${key} was handed to ${session.agent}, who goes on in session ${session.key}.`,
    )
  }
  throw new DomainError(
    'forbidden',
    'session_owner',
    `Session ${key} is that of ${session.agent}${withToken(session)} until ${session.expires_at}; have it handed to you, or begin a session of your own.`,
  )
}

const withToken = ({ actor }: SessionRow) => (actor === null ? '' : `, with the token of ${actor},`)

type Locked = SessionRow & { over: boolean }

async function lastOfHandoffs(work: Work, key: string): Promise<Locked> {
  let session = await lockSession(work.tx, key)
  if (!session) throw notFound('session', key)
  while (session.state === 'handed_off' && session.handed_to_id !== null) {
    const next: SessionRow | undefined = await findSessionById(work.tx, session.handed_to_id)
    const locked: Locked | undefined = next && (await lockSession(work.tx, next.key))
    if (!locked) throw notFound('session', key)
    session = locked
  }
  return session
}
