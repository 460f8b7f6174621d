import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { build } from 'vite'
import { afterAll } from 'vitest'
import { type Api, startApi } from '../../../api/main.ts'
import { clientOf, type TestApi } from '../../support/api.ts'
import { testDatabase } from '../../support/database.ts'
import { idleWindmill } from '../../support/idle-windmill.ts'

export interface ConsoleServer {
  /** Calls the API as its admin. */
  client: TestApi
  console: string
  loginCode(): Promise<string>
  /** Ends the API as a restart would, and brings it up again at the same address. */
  stop(): Promise<void>
  start(): Promise<void>
}

/** The built console, served by a real API on a database of its own. */
export async function consoleServer(): Promise<ConsoleServer> {
  const database = await testDatabase()
  const consoleDir = await mkdtemp(join(tmpdir(), 'devgodzilla-console-'))
  afterAll(() => rm(consoleDir, { recursive: true, force: true }))
  await build({
    configFile: join(import.meta.dirname, '../../../console/vite.config.ts'),
    build: { outDir: consoleDir },
    logLevel: 'error',
  })

  const adminToken = 'test-admin-token'
  const baseUrl = await idleWindmill()
  let api: Api | undefined
  let port = 0
  const start = async () => {
    api = await startApi({
      databaseUrl: database.url,
      host: '127.0.0.1',
      port,
      adminToken,
      windmill: () => ({ baseUrl, token: 'none', workspace: 'devgodzilla' }),
      sprintIntegration: true,
      consoleDir,
      log: pino({ level: process.env.TEST_LOG ?? 'silent' }),
    })
    port = Number(new URL(api.url).port)
  }
  const stop = async () => {
    await api?.close()
    api = undefined
  }
  await start()
  afterAll(stop)
  const url = `http://127.0.0.1:${port}`
  return {
    client: clientOf(url, adminToken, database),
    console: `${url}/console`,
    loginCode: async () => {
      if (api === undefined) throw new Error('the API is stopped')
      return api.createLoginCode()
    },
    start,
    stop,
  }
}
