import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import postgres from 'postgres'
import { migrate } from '../migrate.ts'
import { startPostgres } from '../postgres/start.ts'

const types = { bigint: { to: 20, from: [20], parse: Number, serialize: String } }
export type Sql = postgres.Sql<{ bigint: number }>
export type Tx = postgres.TransactionSql<{ bigint: number }>

/** What the measurements share: a database with the settings users get, and a folder. */
export interface World {
  databaseUrl: string
  /** The bare driver, for what is measured against. */
  sql: Sql
  /** A new folder of its own, removed at the end. */
  folder(name: string): Promise<string>
  say(message: string): void
  /** Aborted when the run is to end early: processes end with it. */
  signal: AbortSignal
  /** May be called twice. */
  close(): Promise<void>
}

export async function openWorld(
  say: (message: string) => void,
  signal: AbortSignal,
): Promise<World> {
  const home = await mkdtemp(join(tmpdir(), 'devgodzilla-bench-'))
  const server = await startPostgres({ dataDir: join(home, 'data'), log: say })
  const sql = postgres(server.url, {
    max: 4,
    types,
    onnotice: () => {},
    connection: { application_name: 'devgodzilla-bench' },
  }) as unknown as Sql
  let closing: Promise<void> | undefined
  const close = () => {
    closing ??= sql
      .end({ timeout: 2 })
      .then(server.stop)
      .then(() => rm(home, { recursive: true, force: true }))
    return closing
  }
  try {
    await migrate(server.url)
  } catch (error) {
    await close()
    throw error
  }
  return {
    databaseUrl: server.url,
    sql,
    folder: (name) => mkdtemp(join(home, `${name}-`)),
    say,
    signal,
    close,
  }
}
