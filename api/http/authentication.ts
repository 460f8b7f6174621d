import { getCookie } from 'hono/cookie'
import { createMiddleware } from 'hono/factory'
import { sessionKey } from '../core/entities/session.ts'
import { DomainError } from '../core/errors.ts'
import type { Authenticate } from '../services/access/authenticate.ts'
import type { Env } from './app.ts'
import type { RateLimits } from './rate-limit.ts'

export const sessionCookie = 'devgodzilla_session'

/**
 * Lets in whoever has a token, as Bearer or in the console's session cookie, and notes who asks.
 * A cookie rides along with any request a browser makes, so changes by cookie must come from a
 * page of ours.
 */
export const authentication = (authenticate: Authenticate, limits: RateLimits) =>
  createMiddleware<Env>(async (c, next) => {
    const refusal = async (message: string) => {
      await limits.attempt(c)
      return new DomainError('unauthenticated', 'token', message)
    }
    const header = c.req.header('Authorization')
    const bearer = header === undefined ? undefined : /^Bearer +(\S+)$/i.exec(header)?.[1]
    if (header !== undefined && bearer === undefined) {
      throw await refusal('The Authorization header must be "Bearer <token>".')
    }
    const cookie = getCookie(c, sessionCookie)
    const secret = bearer ?? cookie
    if (secret === undefined) {
      throw await refusal('Send "Authorization: Bearer <token>", or log in at /console/.')
    }
    if (bearer === undefined) refuseForeignPage(c.req.raw)
    const token = await authenticate(secret)
    if (!token) throw await refusal('The token is unknown, revoked or expired.')

    const trusted = token.service
    const onBehalfOf = trusted ? c.req.header('X-On-Behalf-Of') : undefined
    const correlation = trusted ? c.req.header('X-Correlation-Id') : undefined
    c.set('token', token)
    c.set('caller', {
      actor: named(onBehalfOf) ?? token.name,
      role: token.role,
      correlationId: named(correlation) ?? c.get('requestId'),
      causationId: null,
      agent: null,
      sessionKey: sessionHeader(c.req.header('X-Session-Key')),
      // A read has no use for a key, whatever it looks like.
      idempotencyKey: ['GET', 'HEAD'].includes(c.req.method)
        ? null
        : idempotencyKey(c.req.header('Idempotency-Key'), token.id),
    })
    await next()
  })

const named = (header: string | undefined) => header?.trim().slice(0, 200) || undefined

/** The session in which something is done; reads need none, and are never refused for one. */
function sessionHeader(header: string | undefined): string | null {
  if (header === undefined) return null
  const key = sessionKey.safeParse(header.trim())
  if (key.success) return key.data
  const message = 'must be the session_key that agent init answered'
  throw new DomainError('invalid', 'session_key', `X-Session-Key ${message}.`, {
    fields: [{ field: 'X-Session-Key', message }],
  })
}

/** Keys belong to the token that sent them: another one's key is another key. */
function idempotencyKey(header: string | undefined, tokenId: number): string | null {
  if (header === undefined) return null
  if (!/^[\x21-\x7e]{1,200}$/.test(header)) {
    throw new DomainError(
      'invalid',
      'idempotency_key',
      'Idempotency-Key must be 1 to 200 visible ASCII characters; a UUID serves well.',
      { fields: [{ field: 'Idempotency-Key', message: 'must be 1 to 200 visible characters' }] },
    )
  }
  return `${tokenId}:${header}`
}

/** @throws DomainError `forbidden` for a change that no page of this origin asked for */
export function refuseForeignPage(request: Request): void {
  const origin = request.headers.get('Origin')
  const upgrades = request.headers.get('Upgrade') !== null
  if (['GET', 'HEAD'].includes(request.method) && !upgrades) return
  const host = request.headers.get('Host')
  if (origin === `http://${host}` || origin === `https://${host}`) return
  throw new DomainError(
    'forbidden',
    'same_origin',
    'A session cookie is only good for requests from the console itself; use a Bearer token.',
  )
}
