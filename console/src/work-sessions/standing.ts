import type { ProtocolStatus, Session, StepStatus } from '../api/types.ts'

type Clocks = Pick<Session, 'state' | 'actor' | 'lease_until' | 'expires_at'>

/** Nobody goes on in it, unless it is taken up again. */
export const isOver = ({ state, expires_at }: Clocks, now: number): boolean =>
  state !== 'active' || Date.parse(expires_at) <= now

/** Since when. What nobody went on with was over once its time had passed, noticed or not. */
export const overSince = ({ state, ended_at, expires_at }: Session): string =>
  state === 'active' || state === 'expired' ? expires_at : (ended_at ?? expires_at)

interface Standing {
  status: StepStatus | ProtocolStatus
  word: string
}

/** How a session stands, as a word and its shape. */
export function standingOf(session: Clocks, now: number): Standing {
  const { state, actor, lease_until } = session
  if (state === 'handed_off') return { status: 'skipped', word: 'handed off' }
  if (state === 'ended') return { status: 'completed', word: 'ended' }
  if (isOver(session, now)) return { status: 'timeout', word: 'expired' }
  if (actor === null) return { status: 'pending', word: 'not taken up yet' }
  if (Date.parse(lease_until) <= now) return { status: 'paused', word: 'silent' }
  return { status: 'running', word: 'at work' }
}
