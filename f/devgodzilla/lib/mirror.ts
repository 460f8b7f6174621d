import { createHash, randomUUID } from 'node:crypto'
import { lstat, mkdtemp, readdir, rename, rm, stat, utimes } from 'node:fs/promises'
import { join } from 'node:path'
import { missing } from './files.ts'
import { gitIn } from './git.ts'
import { privateFolder } from './private_folder.ts'

/**
 * Mirrors: bare repositories that keep what was fetched from a URL, so that the next job fetches
 * what is new alone. No job waits for another: each fetch writes a ref of its own, objects are
 * named by their content, and a clone has hard links, so a mirror can go at any moment.
 */
const most = 24
const mostBytes = 8 * 2 ** 30
/** What a dead process began and did not end. */
const abandoned = 3_600_000

/** The mirror of a URL, made when there is none, and the longest unused ones dropped. */
export async function openMirror(url: string): Promise<string> {
  const home = await privateFolder('devgodzilla-mirrors')
  const mirror = join(home, `${createHash('sha256').update(url).digest('hex').slice(0, 40)}.git`)
  if ((await stat(join(mirror, 'config')).catch(missing)) === undefined) await make(home, mirror)
  const now = new Date()
  await utimes(mirror, now, now).catch(missing)
  await dropUnused(home, mirror)
  return mirror
}

/** Throws a mirror away: the next job makes another. */
export async function dropMirror(mirror: string): Promise<void> {
  const gone = `${mirror}.${randomUUID()}.gone`
  // Out of the way in one step: nobody meets half of it.
  await rename(mirror, gone).catch(missing)
  await rm(gone, { recursive: true, force: true, maxRetries: 3 })
}

/** The name of a ref that nobody else writes. */
export const ownRef = (): string => `refs/fetched/${Date.now()}-${randomUUID()}`

async function make(home: string, mirror: string): Promise<void> {
  const draft = await mkdtemp(join(home, 'new-'))
  try {
    const git = gitIn(draft)
    await git.raw('init', '--quiet', '--bare')
    // Packed, refs would be under one lock, and a killed process could leave it locked.
    await git.raw('config', 'gc.packRefs', 'false')
    await git.raw('config', 'gc.autoDetach', 'false')
    await rename(draft, mirror)
  } catch (error) {
    await rm(draft, { recursive: true, force: true })
    // Another job was faster by a moment.
    if ((await stat(join(mirror, 'config')).catch(missing)) === undefined) throw error
  }
}

/** What was fetched last stays known, so that the next fetch brings only what is new. */
export async function tidyMirror(mirror: string): Promise<void> {
  const folder = join(mirror, 'refs/fetched')
  const names = (await readdir(folder).catch(missing)) ?? []
  const time = (name: string) => Number.parseInt(name, 10)
  const old = names.sort((a, b) => time(b) - time(a)).slice(4)
  for (const name of old) {
    if (Date.now() - time(name) > abandoned) await rm(join(folder, name), { force: true })
  }
  await dropHalfPacks(join(mirror, 'objects/pack'))
  await gitIn(mirror).raw('gc', '--auto', '--quiet')
}

/** What killed fetches had received: git itself would keep it for two weeks. */
async function dropHalfPacks(folder: string): Promise<void> {
  for (const name of (await readdir(folder).catch(missing)) ?? []) {
    if (!name.startsWith('tmp_')) continue
    const path = join(folder, name)
    const written = (await stat(path).catch(missing))?.mtimeMs ?? Date.now()
    if (Date.now() - written > abandoned) await rm(path, { force: true })
  }
}

async function dropUnused(home: string, inUse: string): Promise<void> {
  const found: { path: string; usedAt: number; bytes: number }[] = []
  for (const name of await readdir(home)) {
    const path = join(home, name)
    const info = await lstat(path).catch(missing)
    if (!info) continue
    const unfinished = !name.endsWith('.git')
    if (unfinished && Date.now() - info.mtimeMs > abandoned) await rm(path, gone)
    if (!unfinished) found.push({ path, usedAt: info.mtimeMs, bytes: await sizeOf(path) })
  }
  found.sort((a, b) => b.usedAt - a.usedAt)
  let bytes = 0
  for (const [at, mirror] of found.entries()) {
    bytes += mirror.bytes
    if (mirror.path !== inUse && (at >= most || bytes > mostBytes)) await dropMirror(mirror.path)
  }
}
const gone = { recursive: true, force: true, maxRetries: 3 }

/** In bytes, of its packs: all the rest is small beside them. */
async function sizeOf(mirror: string): Promise<number> {
  const folder = join(mirror, 'objects/pack')
  let bytes = 0
  for (const name of (await readdir(folder).catch(missing)) ?? []) {
    bytes += (await stat(join(folder, name)).catch(missing))?.size ?? 0
  }
  return bytes
}
