import type { ApiToken } from '../../core/entities/access.ts'
import type { Database } from '../../store/database.ts'
import { findToken, insertToken } from '../../store/tokens.ts'
import { hashOf } from './secrets.ts'

/**
 * Long enough to spare a query per request, short enough that a revoked token ends within 1 s: a
 * stream looks every 400 ms, and may be told what was remembered just before.
 */
const remembered = 400

export type Authenticate = (secret: string) => Promise<ApiToken | null>

/**
 * Recognises tokens. The database is asked for the hash of a secret, so that no comparison ever
 * runs over the secret itself; answers are remembered for a moment, which is measured by a clock that
 * nobody sets: one put back would keep a revoked token alive.
 */
export function authenticator(db: Database, now = () => performance.now()): Authenticate {
  const known = new Map<string, { token: Promise<ApiToken | null>; until: number }>()
  return (secret) => {
    const hash = hashOf(secret)
    const key = hash.toString('base64')
    const hit = known.get(key)
    if (hit && hit.until > now()) return hit.token
    known.delete(key)
    // The oldest stand first, so that a flood of unknown secrets costs each request little.
    for (const [old, entry] of known) {
      if (entry.until > now()) break
      known.delete(old)
    }
    const token = findToken(db, hash).then((row) => row ?? null)
    known.set(key, { token, until: now() + remembered })
    token.catch(() => known.delete(key))
    return token
  }
}

/**
 * Makes sure that a secret made elsewhere, such as the administrator's, is a token. Several
 * processes may do so at once. One that was revoked stays revoked: it may be in the wrong hands.
 */
export async function ensureToken(
  db: Database,
  token: { name: string; role: ApiToken['role']; service: boolean; secret: string },
): Promise<void> {
  const { secret, ...row } = token
  await insertToken(db, { ...row, secret_hash: hashOf(secret), expires_at: null })
}
