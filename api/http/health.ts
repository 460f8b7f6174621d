import { type App, newApp, type Surface } from './app.ts'

/**
 * `/health`: the process answers. `/ready`: all of it is up, its database answers, and whether the
 * sprint integration is on. Open to anyone, telling little.
 */
export function health({ runtime, isUp }: Surface): App {
  const app = newApp()
  app.get('/health', (c) => c.json({ status: 'ok' }))
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
