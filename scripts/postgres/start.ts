import { setTimeout as sleep } from 'node:timers/promises'
import { type Account, serverAccount } from './account.ts'
import { type Binaries, type Installation, installedPostgres, usableBinaries } from './binaries.ts'
import { type Claim, claimServer } from './claim.ts'
import {
  type Cluster,
  clusterIn,
  ensureCluster,
  readPassword,
  SUPERUSER,
  versionOf,
} from './cluster.ts'
import { prepareDataDir } from './data-dir.ts'
import { codeOf, PostgresUnavailable } from './error.ts'
import { type Launch, launchServer } from './launch.ts'
import { type Postmaster, runningPostmaster } from './postmaster.ts'
import { stopServer, stopSilentServer } from './stop.ts'

export type StartOptions = {
  /** The service's data folder; the cluster lives in `postgres/` below it. */
  readonly dataDir: string
  /** Told what is worth knowing, one sentence each. */
  readonly log: (message: string) => void
  /** Server settings (`{ fsync: 'off' }`); a server that is already running keeps its own. */
  readonly settings?: Readonly<Record<string, string>>
  /** The Postgres to run; by default the one npm installed. */
  readonly installation?: Installation
}

export type EmbeddedPostgres = {
  /** Holds the password: not for logs. */
  readonly url: string
  readonly pid: number
  /** Whether the server was running before. */
  readonly reused: boolean
  /**
   * Shuts the server down, within seconds; leaves it running when other processes that called
   * `startPostgres` still use it. Close your own connections first. May be called twice.
   */
  stop(): Promise<void>
}

const DATABASE = 'devgodzilla'

/** How long a state may last (ms) before it is an error. Recovery after a crash takes its time. */
const PATIENCE = { failing: 5_000, silent: 10_000, stopping: 30_000, starting: 300_000 }

/**
 * Brings up the embedded Postgres of a data folder: makes its cluster the first time, starts a
 * server or joins the one that is running (several processes may do so at once), and makes sure of
 * the database `devgodzilla`. Until `stop` a connection is held, which keeps the process alive.
 *
 * @throws PostgresUnavailable with the reason and the way out
 */
export async function startPostgres(options: StartOptions): Promise<EmbeddedPostgres> {
  const { dataDir, log, settings = {} } = options
  await prepareDataDir(dataDir, process.getuid?.())
  const installation = options.installation ?? (await installedPostgres())
  const account = await serverAccount(clusterIn(dataDir).pgdata)
  const binaries = await usableBinaries(installation, account, dataDir)
  const cluster = await ensureCluster(dataDir, account, binaries, settings.fsync !== 'off')
  await checkVersion(cluster, installation)
  const password = await readPassword(cluster)
  const urlOf = (port: number, database: string) =>
    `postgres://${SUPERUSER}:${password}@127.0.0.1:${port}/${database}`

  const joined = await joinServer(cluster, account, binaries, settings, log, (port) =>
    claimServer(urlOf(port, 'postgres'), DATABASE),
  )
  let stopping: Promise<void> | undefined
  return {
    url: urlOf(joined.server.port, DATABASE),
    pid: joined.server.pid,
    reused: joined.reused,
    stop: () => {
      stopping ??= leave(joined.claim, cluster, log)
      return stopping
    },
  }
}

type Joined = { server: Postmaster; claim: Claim; reused: boolean }

/** Repeats look, start, claim until there is a server that answers and counts us in. */
async function joinServer(
  cluster: Cluster,
  account: Account,
  binaries: Binaries,
  settings: Readonly<Record<string, string>>,
  log: (message: string) => void,
  claim: (port: number) => Promise<Claim | undefined>,
): Promise<Joined> {
  let launch: Launch | undefined
  let firstFailure: number | undefined
  let seen: { state: string; since: number } = { state: 'none', since: performance.now() }

  for (;;) {
    const server = await runningPostmaster(cluster.pgdata)
    const state = server?.state ?? 'none'
    if (state !== seen.state) seen = { state, since: performance.now() }
    const lasted = performance.now() - seen.since

    if (server?.state === 'ready') {
      const share = await claimOrExplain(claim, server.port, cluster)
      if (share) return { server, claim: share, reused: server.pid !== launch?.pid }
      if (lasted > PATIENCE.silent) {
        log(`Postgres (process ${server.pid}) does not answer; replacing it.`)
        await stopSilentServer(cluster.pgdata)
      }
    } else if (server) {
      if (lasted > PATIENCE[server.state]) {
        throw new PostgresUnavailable(
          `Postgres (process ${server.pid}) has been ${server.state} for ${Math.round(lasted / 1000)} s; its log is ${cluster.logFile}.`,
        )
      }
    } else {
      const failure = await launch?.failure()
      if (failure !== undefined) {
        firstFailure ??= performance.now()
        if (performance.now() - firstFailure > PATIENCE.failing) {
          throw new PostgresUnavailable(`Postgres does not start: ${failure}`)
        }
        await sleep(100)
      }
      if (!launch || failure !== undefined) {
        launch = await launchServer(cluster, account, binaries, settings)
      }
    }
    await sleep(10)
  }
}

async function claimOrExplain(
  claim: (port: number) => Promise<Claim | undefined>,
  port: number,
  cluster: Cluster,
): Promise<Claim | undefined> {
  try {
    return await claim(port)
  } catch (error) {
    if (codeOf(error) !== '28P01') throw error
    throw new PostgresUnavailable(
      `The server on ${cluster.pgdata} refuses the password in ${cluster.passwordFile}.`,
      { cause: error },
    )
  }
}

async function leave(
  claim: Claim,
  cluster: Cluster,
  log: (message: string) => void,
): Promise<void> {
  const { last } = await claim.release(() => stopServer(cluster.pgdata))
  if (!last) log('Postgres is left running: another process uses it.')
}

async function checkVersion(cluster: Cluster, { key }: Installation): Promise<void> {
  const found = await versionOf(cluster)
  const ours = /^postgres-(\d+)\./.exec(key)?.[1]
  if (ours !== undefined && found !== ours) {
    throw new PostgresUnavailable(
      `The data in ${cluster.pgdata} was written by Postgres ${found}, and this is Postgres ${ours}, which cannot read it.`,
    )
  }
}
