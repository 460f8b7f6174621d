import { rmSync } from 'node:fs'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { constants } from 'node:os'
import { join } from 'node:path'
import { clusterIn } from '../../scripts/postgres/cluster.ts'
import { isAlive } from '../../scripts/postgres/postmaster.ts'
import { startPostgres } from '../../scripts/postgres/start.ts'
import { stopServer } from '../../scripts/postgres/stop.ts'
import { memoryFolder } from './memory-folder.ts'

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

/** A Postgres cluster of its own, gone with whoever asked for it. */
export async function temporaryCluster(): Promise<{ url: string; stop: () => Promise<void> }> {
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
