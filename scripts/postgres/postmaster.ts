import { randomBytes } from 'node:crypto'
import { link, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { execa } from 'execa'
import { unlessCode } from './error.ts'

/** The server process of a cluster, as its lock file `postmaster.pid` tells. */
export type Postmaster = {
  readonly pid: number
  readonly port: number
  readonly state: 'starting' | 'ready' | 'stopping'
}

/** Greater than any process id a kernel gives out. */
const NO_PROCESS = 2_147_483_647
/** Postgres fills its lock file right after creating it; an empty one this old is a leftover (ms). */
const EMPTY_IS_STALE = 2_000

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

/**
 * The server running on a cluster, or undefined. A lock file that names a dead process is left to
 * Postgres, which also looks for surviving children; one that names a process of somebody else,
 * which Postgres would take for its own, is mended here.
 */
export async function runningPostmaster(pgdata: string): Promise<Postmaster | undefined> {
  const file = join(pgdata, 'postmaster.pid')
  const text = await readFile(file, 'utf8').catch(unlessCode('ENOENT'))
  if (text === undefined) return undefined
  const lines = text.split('\n')
  const pid = Number.parseInt(lines[0] ?? '', 10)
  if (!(pid > 0)) {
    const found = await stat(file).catch(unlessCode('ENOENT'))
    if (found && Date.now() - found.mtimeMs > EMPTY_IS_STALE) await replaceLock(file, text)
    return undefined
  }
  if (!isAlive(pid)) return undefined
  if (!(await servesFolder(pid, pgdata))) {
    // Only the process id is changed: the memory block it names still tells of surviving children.
    if (isAlive(pid)) await replaceLock(file, text, [NO_PROCESS, ...lines.slice(1)].join('\n'))
    return undefined
  }
  const status = lines[7]?.trim()
  const state = status === 'ready' || status === 'stopping' ? status : 'starting'
  return { pid, port: Number(lines[3]), state }
}

/** Whether a process is a server of that cluster: Postgres lives in its data folder. */
async function servesFolder(pid: number, pgdata: string): Promise<boolean> {
  if (process.platform !== 'linux') {
    const { stdout } = await execa('ps', ['-ww', '-o', 'command=', '-p', String(pid)], {
      reject: false,
    })
    return stdout.includes(pgdata)
  }
  const cwd = await stat(`/proc/${pid}/cwd`).catch(unlessCode('ENOENT', 'EACCES', 'ESRCH'))
  const folder = await stat(pgdata)
  return cwd?.ino === folder.ino && cwd.dev === folder.dev
}

/**
 * Takes away a lock file that was judged stale, putting `mended` in its place. Another process may
 * have started a server since: then its lock file is put back.
 */
async function replaceLock(file: string, judged: string, mended?: string): Promise<void> {
  const aside = `${file}.stale-${randomBytes(4).toString('hex')}`
  await rename(file, aside).catch(unlessCode('ENOENT'))
  try {
    const taken = await readFile(aside, 'utf8').catch(unlessCode('ENOENT'))
    if (taken === undefined) return
    if (taken === judged && mended !== undefined) await writeFile(aside, mended)
    if (taken !== judged || mended !== undefined) {
      await link(aside, file).catch(unlessCode('EEXIST'))
    }
  } finally {
    await rm(aside, { force: true })
  }
}
