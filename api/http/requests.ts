import { randomUUID } from 'node:crypto'
import { createMiddleware } from 'hono/factory'
import type { Logger } from 'pino'
import type { Env } from './app.ts'
import type { Metrics } from './metrics.ts'

/** Gives each request an id and a logger that carries it, and counts and times it. */
export const requests = (log: Logger, metrics: Metrics) =>
  createMiddleware<Env>(async (c, next) => {
    const requestId = randomUUID()
    const began = performance.now()
    c.set('requestId', requestId)
    c.set('log', log.child({ requestId }))
    c.header('X-Request-Id', requestId)
    await next()
    const seconds = (performance.now() - began) / 1000
    metrics.observe(c.req.method, c.req.routePath, c.res.status, seconds)
    c.var.log.debug(
      { method: c.req.method, path: c.req.path, status: c.res.status, seconds },
      'answered',
    )
  })
