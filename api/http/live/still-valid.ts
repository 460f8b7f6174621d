import type { Context } from 'hono'
import { getCookie } from 'hono/cookie'
import type { Authenticate } from '../../services/access/authenticate.ts'
import type { Env } from '../app.ts'
import { sessionCookie } from '../authentication.ts'

const every = 400

/** Calls `end` within a second of the token of an open stream becoming invalid. Answers a stop. */
export function whileValid(c: Context<Env>, authenticate: Authenticate, end: () => void) {
  const bearer = c.req.header('Authorization')?.replace(/^Bearer +/i, '')
  const secret = bearer ?? getCookie(c, sessionCookie) ?? ''
  const timer = setInterval(() => {
    authenticate(secret).then(
      (token) => {
        if (!token) end()
      },
      // The database is away, and the stream is silent; both go on when it is back.
      (error: unknown) => c.var.log.debug({ err: error }, 'a token could not be checked'),
    )
  }, every)
  return () => clearInterval(timer)
}
