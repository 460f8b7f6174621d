import { randomUUID } from 'node:crypto'
import { createMiddleware } from 'hono/factory'
import { alertLimits, longRequests } from '../core/alerts.ts'
import { slowRequests } from '../services/alert/slow-request.ts'
import type { Runtime } from '../services/runtime.ts'
import type { Env } from './app.ts'
import type { Metrics } from './metrics.ts'

/** Gives each request an id and a logger that carries it, and counts and times it. */
export const requests = ({ runtime, metrics }: { runtime: Runtime; metrics: Metrics }) => {
  const tellSlow = slowRequests(runtime)
  return createMiddleware<Env>(async (c, next) => {
    const requestId = randomUUID()
    const began = performance.now()
    c.set('requestId', requestId)
    const own = runtime.log.child({ requestId })
    c.set('log', own)
    c.header('X-Request-Id', requestId)
    await next()
    const seconds = (performance.now() - began) / 1000
    metrics.observe(c.req.method, c.req.routePath, c.res.status, seconds)
    // A stranger who sends slowly and is turned away makes nobody get up.
    const turnedAway = c.var.token === undefined && c.res.status >= 400 && c.res.status < 500
    if (seconds > alertLimits.slow_request && !turnedAway) {
      const route = c.req.routePath.replace(/^\/api(?=\/)/, '')
      if (!longRequests.includes(route)) {
        void tellSlow(`${c.req.method} ${route}`, seconds, requestId)
      }
    }
    own.debug({ method: c.req.method, path: c.req.path, status: c.res.status, seconds }, 'answered')
  })
}
