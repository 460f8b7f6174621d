import { isIPv6 } from 'node:net'
import { getConnInfo } from '@hono/node-server/conninfo'
import type { Context } from 'hono'
import { createMiddleware } from 'hono/factory'
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible'
import { DomainError } from '../core/errors.ts'
import type { Env } from './app.ts'

/** Requests are counted over so many seconds: a burst is welcome, a flood is not. */
const window = 10
/** Flows of everybody share one service token. */
const serviceShare = 10

export interface RateLimits {
  /** Counts a request for the token it came with; goes after the authentication. */
  byToken: ReturnType<typeof createMiddleware<Env>>
  /** The same for one more that came within a request. */
  again(c: Context<Env>): Promise<void>
  /** Counts a request for the address it came from; for routes that take no token. */
  byAddress: ReturnType<typeof createMiddleware<Env>>
  /**
   * Counts an attempt to get in, by logging in or with a token that is none: a tenth of what a token
   * may is allowed per address. Valid tokens from the same address go on.
   */
  attempt(c: Context<Env>): Promise<void>
}

/**
 * Limits of this process, in memory: with several, each counts for itself. Answers carry
 * `RateLimit-Policy` and `RateLimit` as draft-ietf-httpapi-ratelimit-headers-10 writes them.
 * Addresses are those of the connections: behind a proxy, that one has to limit strangers.
 *
 * @param perSecond requests of one token, sustained; 0 limits nothing
 */
export function rateLimits(perSecond: number): RateLimits {
  if (perSecond === 0) {
    const open = createMiddleware<Env>((_, next) => next())
    return { byToken: open, again: async () => {}, byAddress: open, attempt: async () => {} }
  }
  const points = perSecond * window
  const token = limit('token', points)
  const service = limit('service', points * serviceShare)
  const address = limit('address', points)
  const attempt = limit('attempt', Math.max(1, points / 10))
  const again = (c: Context<Env>) => {
    const { id, service: shared } = c.get('token')
    return (shared ? service : token)(c, String(id))
  }
  return {
    again,
    byToken: createMiddleware<Env>(async (c, next) => {
      await again(c)
      await next()
    }),
    byAddress: createMiddleware<Env>(async (c, next) => {
      await address(c, senderOf(c))
      await next()
    }),
    attempt: (c) => attempt(c, senderOf(c)),
  }
}

/** @throws DomainError `too_many` for whom has spent what the window allows */
function limit(name: string, points: number) {
  const limiter = new RateLimiterMemory({ points, duration: window })
  const policy = `"${name}";q=${points};w=${window}`
  return async (c: Context<Env>, key: string): Promise<void> => {
    const spent = await limiter.consume(key).catch((error: unknown) => {
      if (error instanceof RateLimiterRes) return error
      throw error
    })
    const seconds = Math.ceil(spent.msBeforeNext / 1000)
    c.header('RateLimit-Policy', policy)
    c.header('RateLimit', `"${name}";r=${spent.remainingPoints};t=${seconds}`)
    if (spent.consumedPoints <= points) return
    c.header('Retry-After', String(Math.max(1, seconds)))
    throw new DomainError(
      'too_many',
      `rate_limit_${name}`,
      `More than ${points} requests within ${window} seconds; go on in ${Math.max(1, seconds)} s.`,
    )
  }
}

/** Who holds one IPv6 address holds a whole network of them: the first 64 bits are the sender. */
function senderOf(c: Context<Env>): string {
  const { address = 'unknown' } = getConnInfo(c).remote
  if (!isIPv6(address) || address.includes('.')) return address
  const [head = '', tail] = address.split('::')
  const groups = head === '' ? [] : head.split(':')
  const rest = tail === undefined || tail === '' ? [] : tail.split(':')
  const zeros = tail === undefined ? 0 : 8 - groups.length - rest.length
  return [...groups, ...Array<string>(zeros).fill('0'), ...rest].slice(0, 4).join(':')
}
