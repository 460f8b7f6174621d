import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import postgres from 'postgres'
import { afterAll, afterEach, inject } from 'vitest'
import { migrate } from '../../scripts/migrate.ts'
import { temporaryCluster } from './temporary-cluster.ts'

export type TestDatabase = {
  readonly url: string
  /** A small pool on it; ended by `drop`. */
  readonly sql: postgres.Sql
  /** Ends the pool and drops the database; called for you after the file. May be called twice. */
  drop(): Promise<void>
}

/** How long a busy server may take to notice that a client has gone (ms). */
const GRACE = 20_000

/**
 * A migrated database of its own for a test file: `const db = await testDatabase()` at the top
 * level. It is dropped after the file, unless a test failed; a connection that is still open then
 * fails the file.
 */
export async function testDatabase(
  create: () => Promise<TestDatabase> = createTestDatabase,
): Promise<TestDatabase> {
  const database = await create()
  // These run after the file's own hooks: the last registered is the first called.
  let failed = false
  afterEach(({ task }) => {
    failed ||= task.result?.state === 'fail'
  })
  afterAll(() => (failed ? keep(database) : database.drop()))
  return database
}

async function keep({ url, sql }: TestDatabase): Promise<void> {
  await sql.end({ timeout: 1 })
  const stays = process.env.KEEP_TEST_DATABASES || process.env.TEST_DATABASE_URL
  const hint = stays ? url : 'KEEP_TEST_DATABASES=1 leaves its server running after the run'
  console.error(`Kept after a failure: database ${new URL(url).pathname.slice(1)} (${hint})`)
}

/** A migrated database on a cluster of its own, where transactions may stay open for long. */
export async function createClusterOfOne(): Promise<TestDatabase> {
  const { url, stop } = await temporaryCluster()
  await migrate(url)
  const sql = postgres(url, { max: 4, onnotice: () => {} })
  const drop = async () => {
    await sql.end({ timeout: 1 })
    await stop()
  }
  return { url, sql, drop }
}

/** The same without a test file to belong to: who asks for it drops it. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const clusterUrl = inject('testCluster')
  const name = `devgodzilla_test_${process.pid}_${randomBytes(4).toString('hex')}`
  await administrate(
    clusterUrl,
    (admin) =>
      admin`create database ${admin(name)} template ${admin(inject('testTemplate'))} strategy file_copy`,
  )
  const url = Object.assign(new URL(clusterUrl), { pathname: `/${name}` }).href
  const sql = postgres(url, { max: 4, onnotice: () => {} })
  let dropping: Promise<void> | undefined
  return {
    url,
    sql,
    drop: () => {
      dropping ??= dropDatabase(clusterUrl, name, sql)
      return dropping
    },
  }
}

async function dropDatabase(clusterUrl: string, name: string, sql: postgres.Sql): Promise<void> {
  await sql.end({ timeout: 1 })
  await administrate(clusterUrl, async (admin) => {
    const leaked = await openConnections(admin, name)
    await admin`drop database if exists ${admin(name)} with (force)`
    if (leaked.length > 0) {
      throw new Error(
        `${leaked.length} connection(s) to ${name} were left open: ${leaked.join('; ')}`,
      )
    }
  })
}

async function openConnections(admin: postgres.Sql, name: string): Promise<string[]> {
  const deadline = Date.now() + GRACE
  for (;;) {
    const rows = await admin<{ last: string }[]>`
      select coalesce(nullif(application_name, ''), 'unnamed') || ', last ' || left(query, 120) as last
      from pg_stat_activity
      where datname = ${name} and backend_type = 'client backend'`
    if (rows.length === 0 || Date.now() > deadline) return rows.map(({ last }) => last)
    await sleep(20)
  }
}

async function administrate(
  url: string,
  work: (sql: postgres.Sql) => Promise<unknown>,
): Promise<void> {
  const admin = postgres(url, { max: 1, fetch_types: false, onnotice: () => {} })
  try {
    await work(admin)
  } finally {
    await admin.end()
  }
}
