import { mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll } from 'vitest'
import { isAlive } from '../../../scripts/postgres/postmaster.ts'
import { clientOf, type TestApi } from '../../support/api.ts'
import type { TestDatabase } from '../../support/database.ts'
import { memoryFolder } from '../../support/memory-folder.ts'
import { bundleProgram, type Program, runProgram } from '../../support/program.ts'

const token = 'test-admin-token'

/** An API in a process of its own. */
export interface ApiProcess extends TestApi {
  process: Program
  /** Ends it as a crash would, and waits until it is gone. */
  crash(): Promise<void>
  hasEnded(): boolean
}

/** What starts APIs in processes of their own, for a test file that ends them with itself. */
export async function apiProcesses() {
  const folder = await mkdtemp(join(await memoryFolder(), 'devgodzilla-faults-'))
  const program = await bundleProgram('api', folder)
  const started: ApiProcess[] = []
  afterAll(async () => {
    await Promise.all(started.map((api) => api.process.kill('SIGKILL')))
    await rm(folder, { recursive: true, force: true })
  })
  return async (
    database: Pick<TestDatabase, 'url' | 'sql'>,
    { patience = 5000 } = {},
  ): Promise<ApiProcess> => {
    const process = runProgram(program, [database.url, '0', token, String(patience)])
    const { url } = await process.answer<{ url: string }>()
    const api = {
      ...clientOf(url, token, database as TestDatabase),
      process,
      crash: () => process.kill('SIGKILL'),
      hasEnded: () => !isAlive(process.pid),
    }
    started.push(api)
    return api
  }
}
