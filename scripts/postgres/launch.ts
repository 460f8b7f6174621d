import { type ChildProcess, spawn } from 'node:child_process'
import { open, rename, stat } from 'node:fs/promises'
import { type Account, runAs } from './account.ts'
import type { Binaries } from './binaries.ts'
import { type Cluster, pgdataArgument, serverEnvironment } from './cluster.ts'
import { unlessCode } from './error.ts'
import { freePort } from './free-port.ts'

/** A server process that we spawned. It stays when we go, so that a crash of ours is not its own. */
export type Launch = {
  readonly pid: number | undefined
  /** Undefined while it runs, else what it said last. */
  failure(): Promise<string | undefined>
}

/** The server log is put aside when it is larger at a start (bytes); one older log is kept. */
const LOG_LIMIT = 10_000_000

/** Spawns the server on a free loopback port; that it is ready shows in `postmaster.pid`. */
export async function launchServer(
  cluster: Cluster,
  account: Account,
  binaries: Binaries,
  settings: Readonly<Record<string, string>>,
): Promise<Launch> {
  const effective = {
    listen_addresses: '127.0.0.1',
    port: String(await freePort()),
    unix_socket_directories: '',
    cluster_name: 'devgodzilla',
    timezone: 'UTC',
    log_timezone: 'UTC',
    ...settings,
  }
  const args = Object.entries(effective).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  const written = (await stat(cluster.logFile).catch(unlessCode('ENOENT')))?.size ?? 0
  if (written > LOG_LIMIT) await rename(cluster.logFile, `${cluster.logFile}.1`)
  const log = await open(cluster.logFile, 'a', 0o600)
  try {
    const start = (await log.stat()).size
    const child = spawn(
      binaries.postgres,
      ['-D', await pgdataArgument(cluster.pgdata, account), ...args],
      {
        ...runAs(account),
        cwd: cluster.pgdata,
        env: serverEnvironment(),
        // Its own process group: Ctrl-C is for us, who stop it when nobody needs it any longer.
        detached: true,
        stdio: ['ignore', log.fd, log.fd],
      },
    )
    child.unref()
    return { pid: child.pid, failure: watch(child, cluster.logFile, start) }
  } finally {
    await log.close()
  }
}

function watch(child: ChildProcess, logFile: string, start: number): Launch['failure'] {
  let spawnError: Error | undefined
  child.on('error', (error) => {
    spawnError = error
  })
  return async () => {
    if (spawnError) return spawnError.message
    if (child.exitCode === null && child.signalCode === null) return undefined
    return (await readFrom(logFile, start)) || `ended with ${child.exitCode ?? child.signalCode}`
  }
}

async function readFrom(path: string, start: number): Promise<string> {
  const file = await open(path)
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(8_192), 0, 8_192, start)
    return buffer.toString('utf8', 0, bytesRead).trim()
  } finally {
    await file.close()
  }
}
