import { pino } from 'pino'
import { type Api, startApi } from '../../api/main.ts'
import type { World } from './world.ts'

/** The API in this process, for measuring at the verb. */
export async function withApi<T>(world: World, work: (api: Api) => Promise<T>): Promise<T> {
  const api = await startApi({
    databaseUrl: world.databaseUrl,
    host: '127.0.0.1',
    port: 0,
    adminToken: 'the-admin-token-of-the-bench',
    windmill: () => ({ baseUrl: 'http://127.0.0.1:9', token: 'none', workspace: 'devgodzilla' }),
    sprintIntegration: true,
    rateLimit: 1_000_000,
    consoleDir: null,
    log: pino({ level: 'warn' }, pino.destination(2)),
  })
  try {
    return await work(api)
  } finally {
    await api.close()
  }
}
