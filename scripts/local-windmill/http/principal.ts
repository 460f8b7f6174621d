import type { Context, MiddlewareHandler } from 'hono'
import type { JobTokens } from '../job-tokens.ts'
import type { Masks } from '../masks.ts'
import { Refusal } from './refusal.ts'

export type Role = 'admin' | 'member' | 'agent' | 'viewer'
export type Authenticate = (token: string) => Promise<{ name: string; role: Role } | null>

/** Who asks: a user, or a running step on behalf of one. */
export type Principal = { name: string; role: Role | 'job'; jobId?: string; masks?: Masks }

export type Env = { Variables: { principal: Principal } }
/** Where a token is welcome and not needed. */
export type OpenEnv = { Variables: { principal: Principal | undefined } }

/**
 * What each role may do; everybody may read what is not secret, and how jobs fare. A flow works
 * with a token that may plan, so starting one takes a role that may. Secrets hold that token, and
 * resources say where it is sent: both belong to administrators, and to steps while they run.
 */
const RIGHTS = {
  'run jobs': ['admin', 'member', 'job'],
  'read what jobs were given, said and answered': ['admin', 'member', 'job'],
  'change variables and resources': ['admin', 'job'],
  'turn schedules on and off': ['admin', 'job'],
  'read secrets': ['admin', 'job'],
  'choose resources': ['admin', 'job'],
} satisfies Record<string, Principal['role'][]>

export type Right = keyof typeof RIGHTS

export function may(principal: Principal, right: Right): boolean {
  const roles: Principal['role'][] = RIGHTS[right]
  return roles.includes(principal.role)
}

/** @throws Refusal (403) naming the role and what it lacks */
export function demand(principal: Principal, right: Right): void {
  if (may(principal, right)) return
  throw new Refusal(403, `Forbidden: the role ${principal.role} may not ${right}`)
}

/** Lets a request in by its Bearer token, or `?token=` as webhook senders do. */
export function authentication(
  authenticate: Authenticate,
  tokens: JobTokens,
): MiddlewareHandler<Env> {
  return async (c, next) => {
    const principal = await identify(c, authenticate, tokens)
    if (!principal) {
      c.header('WWW-Authenticate', 'Bearer')
      return c.text('Unauthorized: send a valid token as Bearer or in ?token=', 401)
    }
    c.set('principal', principal)
    return next()
  }
}

/** Whom the token of a request belongs to: a running step, or a user. */
export async function identify(
  c: Context,
  authenticate: Authenticate,
  tokens: JobTokens,
): Promise<Principal | undefined> {
  return principalOf(authenticate, tokens, tokenOf(c))
}

/** Lets everybody in, and knows those who send a token. */
export function recognition(
  authenticate: Authenticate,
  tokens: JobTokens,
): MiddlewareHandler<OpenEnv> {
  return async (c, next) => {
    c.set('principal', await identify(c, authenticate, tokens))
    return next()
  }
}

export async function principalOf(
  authenticate: Authenticate,
  tokens: JobTokens,
  token: string | undefined,
): Promise<Principal | undefined> {
  if (!token) return undefined
  const job = tokens.find(token)
  if (job) return { name: job.user, role: 'job', jobId: job.jobId, masks: job.masks }
  return (await authenticate(token)) ?? undefined
}

function tokenOf(c: Context): string | undefined {
  const header = c.req.header('authorization')
  return header?.match(/^Bearer\s+(\S+)\s*$/i)?.[1] ?? c.req.query('token')
}
