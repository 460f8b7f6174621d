import { DomainError } from '../../core/errors.ts'
import { type Database, nowOf } from '../../store/database.ts'
import { insertLoginCode, insertToken, revokeSecret, useLoginCode } from '../../store/tokens.ts'
import { transaction } from '../../store/transaction.ts'
import { hashOf, isSessionSecret, newSecret, newSessionSecret } from './secrets.ts'

const codeMinutes = 60
const sessionDays = 7
const day = 24 * 60 * 60 * 1000

/** A code that lets one browser in as an administrator, once, within the hour. */
export async function createLoginCode(db: Database): Promise<string> {
  const code = newSecret()
  await insertLoginCode(db, hashOf(code), codeMinutes)
  return code
}

/**
 * Trades a one-time code for a session: an admin token of its own that ends after a week.
 * @throws DomainError `unauthenticated` where the code is unknown, used or too old
 */
export async function logInWithCode(db: Database, code: string): Promise<string> {
  return transaction(db, async (tx) => {
    if (!(await useLoginCode(tx, hashOf(code)))) {
      throw new DomainError(
        'unauthenticated',
        'login_code',
        'This link was used before or is too old; start prints a new one, or log in with a token.',
      )
    }
    const secret = newSessionSecret()
    const now = Date.parse(await nowOf(tx))
    await insertToken(tx, {
      name: 'console',
      role: 'admin',
      service: false,
      secret_hash: hashOf(secret),
      expires_at: new Date(now + sessionDays * day).toISOString(),
    })
    return secret
  })
}

/** Ends a session for good; a token that somebody logged in with stays what it is. */
export async function logOut(db: Database, secret: string): Promise<void> {
  if (isSessionSecret(secret)) await revokeSecret(db, hashOf(secret))
}
