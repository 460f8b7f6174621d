import { fileURLToPath } from 'node:url'
import { execa } from 'execa'
import { pino } from 'pino'
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
export async function consoleServer(
  windmill: { url?: string; token?: string } = {},
): Promise<ConsoleServer> {
  const database = await testDatabase()
  // Once for all test files: what is up to date is left alone.
  await execa(process.execPath, [
    fileURLToPath(new URL('../../../scripts/build.mjs', import.meta.url)),
  ])
  const consoleDir = fileURLToPath(new URL('../../../dist/console', import.meta.url))

  const adminToken = 'test-admin-token'
  const baseUrl = windmill.url ?? (await idleWindmill())
  const token = windmill.token ?? 'none'
  let api: Api | undefined
  let port = 0
  const start = async () => {
    api = await startApi({
      databaseUrl: database.url,
      host: '127.0.0.1',
      port,
      adminToken,
      windmill: () => ({ baseUrl, token, workspace: 'devgodzilla' }),
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
