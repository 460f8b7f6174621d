import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { createLocalWindmill } from '../../../scripts/local-windmill/index.ts'
import { createTestDatabase } from '../../support/database.ts'
import type { Address } from './address.ts'
import type { Workspace } from './workspace.ts'
import { writeWorkspace } from './write-workspace.ts'

/** The local engine over a folder that holds the items as files; a new one, if none is given. */
export async function startLocalEngine(
  items: Workspace,
  folder?: string,
): Promise<Address & { close(): Promise<void> }> {
  const token = 'an-admin'
  const database = await createTestDatabase()
  const root = folder ?? (await mkdtemp(join(tmpdir(), 'conformance-')))
  const clear = () => Promise.all([rm(root, { recursive: true, force: true }), database.drop()])
  try {
    await writeWorkspace(root, items)
    const engine = await createLocalWindmill({
      ...{ databaseUrl: database.url, root, host: '127.0.0.1', port: 0 },
      authenticate: async (given) =>
        given === token ? { name: 'conformance', role: 'admin' } : null,
      secretKey: Buffer.alloc(32, 7),
      log: pino({ level: process.env.TEST_LOG ?? 'silent' }),
    })
    const close = async () => {
      await engine.close()
      await clear()
    }
    return { url: engine.url, token, workspace: 'devgodzilla', close }
  } catch (error) {
    await clear()
    throw error
  }
}
