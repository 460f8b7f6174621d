import { pino } from 'pino'
import { afterAll } from 'vitest'
import {
  createLocalWindmill,
  type Limits,
  type LocalWindmill,
} from '../../../scripts/local-windmill/index.ts'
import { type TestDatabase, testDatabase } from '../../support/database.ts'
import { type Client, client } from './client.ts'
import { type WorkspaceFolder, workspaceFolder } from './workspace-folder.ts'

export const SECRET_KEY = Buffer.alloc(32, 7)

const ROLES = ['admin', 'member', 'agent', 'viewer'] as const

/** Tokens in tests are the names of roles. */
export async function authenticate(token: string) {
  const role = ROLES.find((known) => known === token)
  return role ? { name: `the-${role}`, role } : null
}

export type EngineUnderTest = {
  engine: LocalWindmill
  folder: WorkspaceFolder
  database: TestDatabase
  /** Everything the engine logged. */
  logged: () => string
  as: (token: string) => Client
  /** As a member. */
  api: Client
}

/** An engine on a database and a workspace of its own, for one test file. */
export async function engineUnderTest(limits: Partial<Limits> = {}): Promise<EngineUnderTest> {
  const database = await testDatabase()
  const folder = workspaceFolder()
  let log = ''
  const engine = await createLocalWindmill({
    databaseUrl: database.url,
    root: folder.root,
    authenticate,
    host: '127.0.0.1',
    port: 0,
    secretKey: SECRET_KEY,
    log: pino(
      { level: 'trace' },
      {
        write: (line: string) => {
          log += line
        },
      },
    ),
    limits,
  })
  afterAll(async () => {
    await engine.close()
    folder.remove()
  })
  const as = (token: string) => client(engine.url, token)
  return { engine, folder, database, logged: () => log, as, api: as('member') }
}
