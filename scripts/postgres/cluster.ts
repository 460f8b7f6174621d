import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { chown, mkdir, open, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Account, canReach, runAs } from './account.ts'
import type { Binaries } from './binaries.ts'
import { PostgresUnavailable, unlessCode } from './error.ts'
import { isAlive } from './postmaster.ts'

/** Where one cluster keeps what belongs to it; all of it appears with a single rename. */
export type Cluster = {
  readonly home: string
  readonly pgdata: string
  readonly passwordFile: string
  readonly logFile: string
}

export const SUPERUSER = 'devgodzilla'
const HOME = 'postgres'
const WORK = /^postgres\.init-(\d+)-/

export function clusterIn(dataDir: string, name = HOME): Cluster {
  const home = join(dataDir, name)
  return {
    home,
    pgdata: join(home, 'data'),
    passwordFile: join(home, 'password'),
    logFile: join(home, 'postgres.log'),
  }
}

/**
 * The cluster of a data folder, made if it is not there yet. Two processes may do so at once: each
 * works on the side, the first rename wins and the other takes what it finds.
 *
 * @param sync false leaves out flushing a new cluster to disk (tests)
 */
export async function ensureCluster(
  dataDir: string,
  account: Account,
  binaries: Binaries,
  sync: boolean,
): Promise<Cluster> {
  const cluster = clusterIn(dataDir)
  if (await versionOf(cluster)) return cluster
  await removeAbandoned(dataDir)
  const work = clusterIn(dataDir, `postgres.init-${process.pid}-${randomBytes(4).toString('hex')}`)
  try {
    await initialise(work, account, binaries, sync)
    await rename(work.home, cluster.home)
  } catch (error) {
    // Somebody else may have been faster; theirs is as good, and cannot be renamed over.
    if (!(await versionOf(cluster))) {
      const why = error instanceof Error ? error.message : String(error)
      throw new PostgresUnavailable(`No database could be made in ${dataDir}: ${why}`, {
        cause: error,
      })
    }
  } finally {
    await rm(work.home, { recursive: true, force: true })
  }
  return cluster
}

export async function readPassword({ passwordFile }: Cluster): Promise<string> {
  try {
    return (await readFile(passwordFile, 'utf8')).trim()
  } catch (error) {
    throw new PostgresUnavailable(
      `The password of the database cannot be read from ${passwordFile}: another user made it, or it was removed.`,
      { cause: error },
    )
  }
}

/**
 * How the account names its data folder. On Linux a process that was started inside a folder can
 * use it even where it may not enter the ones above, so no mode has to be loosened for it.
 */
export async function pgdataArgument(pgdata: string, account: Account): Promise<string> {
  if (await canReach(account, pgdata)) return pgdata
  if (process.platform === 'linux') return '/proc/self/cwd'
  throw new PostgresUnavailable(
    `Postgres does not run as root, and user ${account.uid} cannot enter ${pgdata}.`,
  )
}

async function initialise(
  { home, pgdata, passwordFile }: Cluster,
  account: Account,
  binaries: Binaries,
  sync: boolean,
): Promise<void> {
  await mkdir(home, { mode: 0o711 })
  await mkdir(pgdata, { mode: 0o700 })
  await writeFile(passwordFile, `${randomBytes(32).toString('hex')}\n`, { mode: 0o600 })
  if (account.switched) {
    for (const path of [pgdata, passwordFile]) await chown(path, account.uid, account.gid)
  }
  const password = await open(passwordFile)
  try {
    const child = spawn(
      binaries.initdb,
      [
        `--pgdata=${await pgdataArgument(pgdata, account)}`,
        `--username=${SUPERUSER}`,
        // Through an open file: it may lie where the account cannot find it by name.
        '--pwfile=/dev/stdin',
        '--auth=scram-sha-256',
        '--encoding=UTF8',
        '--locale=C',
        '--locale-provider=builtin',
        '--builtin-locale=C.UTF-8',
        ...(sync ? [] : ['--no-sync']),
      ],
      {
        ...runAs(account),
        cwd: pgdata,
        env: serverEnvironment(),
        stdio: [password.fd, 'ignore', 'pipe'],
      },
    )
    const complaints: string[] = []
    child.stderr?.setEncoding('utf8').on('data', (text: string) => complaints.push(text))
    const [status] = await once(child, 'close')
    if (status !== 0) throw new Error(`initdb ended with ${status}: ${complaints.join('').trim()}`)
  } finally {
    await password.close()
  }
}

/** What Postgres gets to see: none of our secrets, and nothing that changes what it answers. */
export function serverEnvironment(): Record<string, string> {
  return { PATH: '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' }
}

/** Removes what a process killed in the middle of making a cluster has left. */
async function removeAbandoned(dataDir: string): Promise<void> {
  for (const name of await readdir(dataDir)) {
    const pid = WORK.exec(name)?.[1]
    if (pid && !isAlive(Number(pid))) {
      await rm(join(dataDir, name), { recursive: true, force: true, maxRetries: 5 })
    }
  }
}

/** The major version that wrote the cluster, undefined where there is none. */
export async function versionOf({ pgdata }: Cluster): Promise<string | undefined> {
  const text = await readFile(join(pgdata, 'PG_VERSION'), 'utf8').catch(unlessCode('ENOENT'))
  return text?.trim()
}
