import { rmSync } from 'node:fs'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { constants } from 'node:os'
import { join } from 'node:path'
import postgres from 'postgres'
import type { TestProject } from 'vitest/node'
import { migrate } from '../../scripts/migrate.ts'
import { clusterIn } from '../../scripts/postgres/cluster.ts'
import { isAlive } from '../../scripts/postgres/postmaster.ts'
import { startPostgres } from '../../scripts/postgres/start.ts'
import { stopServer } from '../../scripts/postgres/stop.ts'
import { memoryFolder } from './memory-folder.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** A database of the cluster the tests run on, for creating others from. */
    testCluster: string
    /** The migrated database that test databases are copied from. */
    testTemplate: string
  }
}

/** Nothing here outlives the run, so nothing is flushed. */
const SETTINGS = {
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  max_wal_size: '256MB',
  max_connections: '300',
  autovacuum_naptime: '10min',
}

const FOLDER = /^devgodzilla-test-(\d+)-/

/**
 * One cluster per run, or the one in TEST_DATABASE_URL, with one migrated template.
 * DATABASE_URL is never looked at: it may be somebody's real data.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const given = process.env.TEST_DATABASE_URL
  const cluster = given ? { url: given, stop: async () => {} } : await temporaryCluster()
  const template = `devgodzilla_template_${process.pid}`
  const templateUrl = Object.assign(new URL(cluster.url), { pathname: `/${template}` }).href
  const tearDown = async () => {
    if (given) await inCluster(given, (sql) => sql`drop database if exists ${sql(template)}`)
    await cluster.stop()
  }
  try {
    await inCluster(cluster.url, async (sql) => {
      await sql`drop database if exists ${sql(template)}`
      await sql`create database ${sql(template)}`
    })
    await migrate(templateUrl)
  } catch (error) {
    await tearDown()
    throw error
  }
  project.provide('testCluster', cluster.url)
  project.provide('testTemplate', template)
  return tearDown
}

async function temporaryCluster(): Promise<{ url: string; stop: () => Promise<void> }> {
  const parent = await memoryFolder()
  await removeAbandoned(parent)
  const dataDir = await mkdtemp(join(parent, `devgodzilla-test-${process.pid}-`))
  const { url, pid, stop } = await startPostgres({
    dataDir,
    settings: SETTINGS,
    log: (message) => console.log(message),
  })
  const interrupted = cleanUpOnExit(pid, dataDir)
  return {
    url,
    async stop() {
      process.off('exit', interrupted)
      if (process.env.KEEP_TEST_DATABASES) {
        console.log(`The test databases stay until the next run: ${url}`)
        return
      }
      await stop()
      await rm(dataDir, { recursive: true, force: true })
    },
  }
}

/** Ctrl-C ends a run without its teardown; what can be done at that point must be synchronous. */
function cleanUpOnExit(pid: number, dataDir: string): () => void {
  const cleanUp = () => {
    process.kill(pid, 'SIGQUIT')
    rmSync(dataDir, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 })
  }
  process.once('exit', cleanUp)
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(signal, () => process.exit(128 + constants.signals[signal]))
  }
  return cleanUp
}

/** Clusters of runs that were killed, or told to keep theirs. */
async function removeAbandoned(parent: string): Promise<void> {
  for (const name of await readdir(parent)) {
    const pid = FOLDER.exec(name)?.[1]
    if (!pid || isAlive(Number(pid))) continue
    const dataDir = join(parent, name)
    await stopServer(clusterIn(dataDir).pgdata)
    await rm(dataDir, { recursive: true, force: true })
  }
}

async function inCluster<T>(url: string, work: (sql: postgres.Sql) => Promise<T>): Promise<T> {
  const sql = postgres(url, { max: 1, onnotice: () => {} })
  try {
    return await work(sql)
  } finally {
    await sql.end()
  }
}
