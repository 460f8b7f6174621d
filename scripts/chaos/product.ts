import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { clusterIn, readPassword, SUPERUSER } from '../postgres/cluster.ts'
import { runningPostmaster } from '../postgres/postmaster.ts'
import { stopServer } from '../postgres/stop.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))

/** What `devgodzilla start --json` prints when it is ready. */
export interface Ready {
  url: string
  console: string
  windmill: string
  data_dir: string
}

export interface LaunchOptions {
  dataDir: string
  /** 0 takes any free port. */
  port?: number
  windmillPort?: number
  env?: NodeJS.ProcessEnv
  /** Whom it runs as; by default whoever we are. */
  uid?: number
  gid?: number
  cwd?: string
  /** The folder that holds the product: by default the one this file is in. */
  home?: string
}

export interface Launched {
  pid: number
  /** @throws with what it said, where it ends before it is ready */
  ready: Promise<Ready>
  ended: Promise<{ code: number | null; signal: NodeJS.Signals | null }>
  /** What it has written to stderr, the last 200,000 characters of it. */
  said(): string
  /** Sends a signal to its process alone. */
  signal(signal: NodeJS.Signals): void
  /** Ends its whole group at once: what it spawned goes with it; Postgres has a group of its own. */
  kill(): Promise<void>
}

/** Starts the built product as users do, in a process group of its own. */
export function launch(options: LaunchOptions): Launched {
  const { dataDir, port = 0, windmillPort = 0, env = {}, home = root } = options
  const child = spawn(
    process.execPath,
    [
      join(home, 'dist/devgodzilla.js'),
      'start',
      '--json',
      `--port=${port}`,
      `--windmill-port=${windmillPort}`,
    ],
    {
      ...(options.uid === undefined ? {} : { uid: options.uid, gid: options.gid }),
      cwd: options.cwd ?? '/',
      detached: true,
      // Nothing of ours but this: a DATABASE_URL of the developer must not reach it.
      env: {
        PATH: process.env.PATH,
        HOME: process.env.HOME,
        DEVGODZILLA_DATA_DIR: dataDir,
        DEVGODZILLA_LOG_LEVEL: 'warn',
        ...env,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  )
  let said = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said = (said + text).slice(-200_000)
  })
  const ended = once(child, 'close').then(() => ({
    code: child.exitCode,
    signal: child.signalCode,
  }))
  const ready = readiness(child, ended, () => said)
  // Who waits for readiness hears of its failure; who does not is not to be ended by it.
  ready.catch(() => {})
  return {
    pid: child.pid ?? 0,
    ready,
    ended,
    said: () => said,
    signal: (signal) => void child.kill(signal),
    async kill() {
      if (child.pid !== undefined) killIfThere(-child.pid)
      await ended
    },
  }
}

async function readiness(
  child: ChildProcess,
  ended: Promise<unknown>,
  said: () => string,
): Promise<Ready> {
  if (child.stdout) {
    for await (const line of createInterface({ input: child.stdout })) {
      return JSON.parse(line) as Ready
    }
  }
  await ended
  throw new Error(
    `it ended (${child.exitCode ?? child.signalCode}) before it was ready: ${said().slice(-4000)}`,
  )
}

/** Ends a Postgres the way a power cut would, as far as its processes go. False: none was running. */
export async function killPostgres(dataDir: string): Promise<boolean> {
  const server = await runningPostmaster(clusterIn(dataDir).pgdata)
  if (server) killIfThere(server.pid)
  return server !== undefined
}

/** Ends the Postgres of a data folder that nobody uses any longer. */
export async function stopPostgres(dataDir: string): Promise<void> {
  await stopServer(clusterIn(dataDir).pgdata)
}

/** The database of a running product, for asking it questions. It holds the password. */
export async function databaseUrlOf(dataDir: string): Promise<string> {
  const cluster = clusterIn(dataDir)
  const deadline = Date.now() + 10_000
  for (;;) {
    const server = await runningPostmaster(cluster.pgdata)
    if (server?.state === 'ready') {
      const password = await readPassword(cluster)
      return `postgres://${SUPERUSER}:${password}@127.0.0.1:${server.port}/devgodzilla`
    }
    if (Date.now() > deadline) throw new Error(`No Postgres runs on ${dataDir}.`)
    await sleep(20)
  }
}

/** The administrator's token of a data folder. */
export async function adminTokenOf(dataDir: string): Promise<string> {
  return (await readFile(join(dataDir, 'secrets', 'admin-token'), 'utf8')).trim()
}

function killIfThere(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error
  }
}
