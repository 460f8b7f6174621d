import { randomUUID } from 'node:crypto'
import { link, lstat, mkdir, open, realpath, rename, rm, rmdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { sha256 } from '../spec_files.ts'
import { isOurs, Unusable } from './beside.ts'
import { isSameFile, plainFolders, readPlainFile } from './plain_file.ts'

/** A file as it should be, and the hash it must still have; null where there must be none. */
export interface FileWrite {
  path: string
  text: string
  expected_sha256: string | null
}
export interface FileRemove {
  path: string
  expected_sha256: string
}

/** What became of each file. */
export interface WrittenFiles {
  /** Are now as they should be; null: gone. */
  files: { path: string; sha256: string | null }[]
  /** Those of them that were written or removed just now. */
  changed: string[]
  /** Were edited meanwhile: left alone. */
  edited: string[]
  /** Cannot be written where they belong. */
  problems: { path: string; message: string }[]
}

/** Written at a time: each waits for the disk. */
const abreast = 16

/**
 * Writes and removes files of a repository, each in one step, and only where the file is still the
 * one that was read. Nothing is written through a link.
 * @param root absolute, links resolved
 */
export async function writeFiles(
  root: string,
  { writes, removes }: { writes: readonly FileWrite[]; removes: readonly FileRemove[] },
  { skip = new Set<string>() }: { skip?: ReadonlySet<string> } = {},
): Promise<WrittenFiles> {
  const done: WrittenFiles = { files: [], changed: [], edited: [], problems: [] }
  const each = async (path: string, sha256: string | null, act: () => Promise<Outcome>) => {
    if (skip.has(path)) return
    try {
      if (!isOurs(path) || path.split('/').some((it) => outward.has(it))) {
        throw new Unusable('it is none of the files beside the database: it is not touched')
      }
      const outcome = await act()
      if (outcome === 'edited') done.edited.push(path)
      else done.files.push({ path, sha256 })
      if (outcome === 'changed') done.changed.push(path)
    } catch (error) {
      if (!(error instanceof Unusable)) throw error
      done.problems.push({ path, message: error.message })
    }
  }
  const renamed = await renamedByCase(root, writes, removes)
  await inTurns(writes, (it) => {
    const { expected_sha256 } = renamed.get(it.path.toLowerCase()) ?? it
    return each(it.path, sha256(it.text), () => write(root, { ...it, expected_sha256 }))
  })
  const gone = removes.filter((it) => !renamed.has(it.path.toLowerCase()))
  await inTurns(gone, (it) => each(it.path, null, () => remove(root, it)))
  await removeEmptyFolders(root, gone)
  done.files.sort((a, b) => (a.path < b.path ? -1 : 1))
  for (const paths of [done.changed, done.edited]) paths.sort()
  return done
}

/**
 * Files that only seem to have moved: somebody has renamed a folder in upper and lower case alone,
 * and to this file system both names are one. To be written as what they are, and never removed.
 * @returns by path in lower case
 */
async function renamedByCase(
  root: string,
  writes: readonly FileWrite[],
  removes: readonly FileRemove[],
): Promise<Map<string, FileRemove>> {
  const byCase = new Map(removes.map((it) => [it.path.toLowerCase(), it]))
  const renamed = new Map<string, FileRemove>()
  for (const { path } of writes) {
    const old = byCase.get(path.toLowerCase())
    if (old === undefined || old.path === path) continue
    if (!(await isSameFile(join(root, path), join(root, old.path)))) continue
    renamed.set(path.toLowerCase(), old)
  }
  return renamed
}

const outward = new Set(['', '.', '..', '.git'])

type Outcome = 'changed' | 'already so' | 'edited'

async function inTurns<T>(items: readonly T[], act: (item: T) => Promise<void>): Promise<void> {
  for (let at = 0; at < items.length; at += abreast) {
    await Promise.all(items.slice(at, at + abreast).map(act))
  }
}

async function stateOf(root: string, path: string, wanted: string | null, expected: string | null) {
  const bytes = await readPlainFile(root, path)
  const now = bytes ? sha256(bytes) : null
  if (now === wanted) return 'already so'
  return now === expected ? 'as read' : 'edited'
}

async function write(root: string, { path, text, expected_sha256 }: FileWrite): Promise<Outcome> {
  const folder = dirname(path)
  await makeFolders(root, folder)
  const look = () => stateOf(root, path, sha256(text), expected_sha256)
  const before = await look()
  if (before !== 'as read') return before
  const target = join(root, path)
  const mode = expected_sha256 === null ? 0o644 : (await lstat(target)).mode & 0o777
  const draft = join(root, folder, `.devgodzilla-${randomUUID()}.tmp`)
  const file = await open(draft, 'wx', mode)
  try {
    try {
      await file.chmod(mode)
      await file.writeFile(text)
      await file.sync()
    } finally {
      await file.close()
    }
    // Looked at once more, since writing the draft took its time.
    if ((await realpath(join(root, folder))) !== join(root, folder)) {
      throw new Unusable(`${folder} became a link: nothing is written there`)
    }
    const now = await look()
    if (now !== 'as read') return now
    if (expected_sha256 !== null) await rename(draft, target)
    // Where somebody makes a file by that name in this very moment, theirs stays.
    else if (!(await linked(draft, target))) return 'edited'
    return 'changed'
  } finally {
    await rm(draft, { force: true })
  }
}

async function linked(draft: string, target: string): Promise<boolean> {
  try {
    await link(draft, target)
    return true
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false
    throw error
  }
}

/** One after the other, since making them all at once would go through a link on the way. */
async function makeFolders(root: string, folder: string): Promise<void> {
  const parts = folder.split('/')
  const there = await plainFolders(root, folder)
  for (let at = there; at < parts.length; at++) {
    // Another file of the same folder may be written at the same time.
    await mkdir(join(root, ...parts.slice(0, at + 1))).catch(existing)
  }
  if (there < parts.length) await plainFolders(root, folder)
}
function existing(error: unknown): void {
  if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
}

async function remove(root: string, { path, expected_sha256 }: FileRemove): Promise<Outcome> {
  await plainFolders(root, dirname(path))
  const now = await stateOf(root, path, null, expected_sha256)
  if (now !== 'as read') return now
  await rm(join(root, path), { force: true })
  return 'changed'
}

/** Of what is empty now, up to the folder of all sprints. */
async function removeEmptyFolders(root: string, removes: readonly FileRemove[]): Promise<void> {
  const folders = new Set(removes.map(({ path }) => dirname(path)))
  // The deeper ones first.
  for (const folder of [...folders].sort((a, b) => b.length - a.length)) {
    for (let at = folder; at.split('/').length > 2; at = dirname(at)) {
      if (!(await removedEmpty(join(root, at)))) break
    }
  }
}

async function removedEmpty(folder: string): Promise<boolean> {
  try {
    await rmdir(folder)
    return true
  } catch (error) {
    if (error instanceof Error && 'code' in error && stays.has(String(error.code))) return false
    throw error
  }
}
const stays = new Set(['ENOTEMPTY', 'EEXIST', 'ENOENT', 'ENOTDIR'])
