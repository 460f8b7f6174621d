import { createHash, randomBytes } from 'node:crypto'

/** 256 random bits, with a prefix that secret scanners and people recognise. */
export const newSecret = (): string => `dgz_${randomBytes(32).toString('base64url')}`

const sessionPrefix = 'dgz_session_'
/** The secret of a session, which ends with it, unlike a token that was pasted in. */
export const newSessionSecret = (): string => sessionPrefix + randomBytes(32).toString('base64url')
export const isSessionSecret = (secret: string): boolean => secret.startsWith(sessionPrefix)

/** Secrets are random, so one round of SHA-256 keeps them: there is no dictionary to try. */
export const hashOf = (secret: string): Buffer => createHash('sha256').update(secret).digest()
