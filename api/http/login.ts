import { deleteCookie, getCookie, setCookie } from 'hono/cookie'
import * as z from 'zod'
import { grants, scope } from '../core/entities/access.ts'
import { DomainError } from '../core/errors.ts'
import { logInWithCode, logOut } from '../services/access/login.ts'
import { invalidInput } from '../services/read-input.ts'
import { cursorText, endOfStream } from '../store/events.ts'
import { type App, newApp, type Surface } from './app.ts'
import { refuseForeignPage, sessionCookie } from './authentication.ts'
import { atMost } from './body-limit.ts'
import { jsonBody } from './input.ts'
import type { RateLimits } from './rate-limit.ts'

const Login = z.union([
  z.strictObject({ code: z.string().max(200) }),
  z.strictObject({ token: z.string().max(500) }),
])
const week = 7 * 24 * 60 * 60

/** Getting into the console: by the one-time link that start prints, or by a token. */
export function login({ runtime, authenticate }: Surface, limits: RateLimits): App {
  const app = newApp()
  app.post('/auth/login', atMost(1), async (c) => {
    // A page of somebody else's must not log a browser in as somebody else.
    if (c.req.header('Origin') !== undefined) refuseForeignPage(c.req.raw)
    await limits.attempt(c)
    const parsed = Login.safeParse(await jsonBody(c))
    if (!parsed.success) throw invalidInput(parsed.error.issues)
    const secret =
      'code' in parsed.data ? await logInWithCode(runtime.db, parsed.data.code) : parsed.data.token
    const token = await authenticate(secret)
    if (!token) {
      throw new DomainError(
        'unauthenticated',
        'token',
        'The token is unknown, revoked or expired; create one with "devgodzilla token create".',
      )
    }
    setCookie(c, sessionCookie, secret, {
      httpOnly: true,
      sameSite: 'Strict',
      path: '/',
      maxAge: week,
      // Behind a proxy that speaks TLS, only the page knows of it.
      secure: (c.req.header('Origin') ?? c.req.url).startsWith('https:'),
    })
    return c.json(whoIs(token))
  })
  return app
}

/** What a logged-in page asks. */
export function session({ runtime }: Surface): App {
  const app = newApp()
  app.get('/auth/me', async (c) => {
    // Who reads pages after this and follows the stream from here misses nothing.
    const cursor = cursorText(await endOfStream(runtime.db))
    return c.json({ ...whoIs(c.var.token), cursor })
  })
  app.post('/auth/logout', async (c) => {
    await logOut(runtime.db, getCookie(c, sessionCookie) ?? '')
    deleteCookie(c, sessionCookie, { path: '/' })
    return c.json({ ok: true })
  })
  return app
}

const whoIs = (token: { id: number; name: string; role: Parameters<typeof grants>[0] }) => ({
  token_id: token.id,
  name: token.name,
  role: token.role,
  scopes: scope.options.filter((it) => grants(token.role, it)),
})
