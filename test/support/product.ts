import { mkdir, mkdtemp, rm, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { execa } from 'execa'
import type postgres from 'postgres'
import { expect } from 'vitest'
import { askDatabase, brokenPromises, settled } from '../../scripts/chaos/invariants.ts'
import {
  adminTokenOf,
  databaseUrlOf,
  type Launched,
  type LaunchOptions,
  launch,
  type Ready,
  stopPostgres,
} from '../../scripts/chaos/product.ts'
import type { Answer } from './api.ts'
import { buildsDir } from './builds.ts'
import { memoryFolder } from './memory-folder.ts'

const command = fileURLToPath(new URL('../../scripts/bin.mjs', import.meta.url))

/** Where Windmill turns on and off the schedule that imports what has changed. */
export const reconciling = '/schedules/setenabled/f/devgodzilla/reconcile_specs'

type Headers = Record<string, string>

export interface Product extends Omit<Ready, 'windmill'> {
  launched: Launched
  token: string
  /** To its database, for asking questions; ended by `stop`. */
  sql: postgres.Sql
  /** Calls the API as an administrator. */
  api(method: string, path: string, body?: object, headers?: Headers): Promise<Answer>
  /** Calls Windmill's HTTP, below `/api/w/devgodzilla`. */
  windmill(method: string, path: string, body?: object): Promise<Answer>
  /** Ends the process with SIGINT, Postgres with it; answers how it ended. */
  stop(): Launched['ended']
}

/** Builds the command, and nothing else, so that no test runs what was built long ago. */
export async function buildProduct(): Promise<void> {
  await execa(process.execPath, [command, '--help'])
}

/**
 * A folder for data, in which scripts are built already, and what takes everything away again that
 * was started on it.
 */
export async function dataFolder(): Promise<{ dataDir: string; remove(): Promise<void> }> {
  const parent = await mkdtemp(join(await memoryFolder(), 'devgodzilla-e2e-'))
  const dataDir = join(parent, 'data')
  await mkdir(dataDir)
  await mkdir(buildsDir, { recursive: true })
  await symlink(buildsDir, join(dataDir, 'builds'))
  return {
    dataDir,
    async remove() {
      await stopPostgres(dataDir)
      await rm(parent, { recursive: true, force: true })
    },
  }
}

/** The whole product in a process of its own, ready: Postgres, API, handlers, engine, sample. */
export async function startProduct(options: LaunchOptions): Promise<Product> {
  const started = launch(options)
  const ready = await started.ready
  const token = options.env?.DEVGODZILLA_ADMIN_TOKEN ?? (await adminTokenOf(options.dataDir))
  const sql = askDatabase(await databaseUrlOf(options.dataDir))

  async function ask(url: string, method: string, body?: object, headers: Headers = {}) {
    const response = await fetch(url, {
      method,
      headers: {
        Authorization: `Bearer ${token}`,
        ...(body ? { 'Content-Type': 'application/json' } : {}),
        ...headers,
      },
      body: body ? JSON.stringify(body) : null,
    })
    const text = await response.text()
    const json = response.headers.get('Content-Type')?.includes('json')
    return { status: response.status, body: json ? JSON.parse(text) : text }
  }
  const windmill: Product['windmill'] = (method, path, body) =>
    ask(`${ready.windmill}/api/w/devgodzilla${path}`, method, body)
  // A test that runs as the clock strikes would see its repositories imported behind its back.
  if (!options.env?.WINDMILL_BASE_URL) await windmill('POST', reconciling, { enabled: false })

  return {
    url: ready.url,
    console: ready.console,
    data_dir: ready.data_dir,
    launched: started,
    token,
    sql,
    api: (method, path, body, headers) => ask(ready.url + path, method, body, headers),
    windmill,
    async stop() {
      await sql.end({ timeout: 1 })
      started.signal('SIGINT')
      return started.ended
    },
  }
}

/** After every end-to-end test: what the product promises, asked of its database. */
export async function expectPromisesKept(sql: postgres.Sql): Promise<void> {
  await settled(sql)
  expect(await brokenPromises(sql)).toEqual([])
}
