import type { HttpBindings } from '@hono/node-server'
import { proofFor } from '../core/instance-proof.ts'
import { type App, newApp, type Surface } from './app.ts'

/**
 * `/health`: the process answers, and proves by a challenge that it is who has the key. `/ready`: all of it is up, its database answers, and whether the
 * sprint integration is on. Open to anyone, telling little.
 */
export function health({ runtime, isUp, instanceKey }: Surface): App {
  const app = newApp()
  app.get('/health', (c) => {
    const socket = (c.env as Partial<HttpBindings>).incoming?.socket
    return c.json({ status: 'ok', ...proofFor(instanceKey, socket, c.req.query('challenge')) })
  })
  app.get('/ready', async (c) => {
    if (!isUp()) return c.json({ status: 'not ready', reason: 'it is still starting' }, 503)
    try {
      await runtime.db`select 1 from events limit 1`
      return c.json({ status: 'ready', sprint_integration: runtime.sprintIntegration })
    } catch (error) {
      c.var.log.warn({ err: error }, 'not ready')
      return c.json({ status: 'not ready', reason: 'the database does not answer' }, 503)
    }
  })
  return app
}
