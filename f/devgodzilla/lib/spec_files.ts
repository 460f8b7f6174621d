import { createHash } from 'node:crypto'
import { constants } from 'node:fs'
import { open, realpath, stat } from 'node:fs/promises'
import { join, relative, sep } from 'node:path'
import { missing } from './files.ts'
import { documents, type Repository } from './repository.ts'

/** The text of one tasks.md, and what it takes to write to it later. */
export interface TasksFile {
  /** Of the file, relative to the repository, with slashes. */
  spec_path: string
  content: string
  /** sha256 of its bytes, in hex. */
  content_hash: string
  /** The commit that holds exactly this text; null for one that is not committed. */
  commit: string | null
}

/** A SpecKit feature folder and which of its three documents are there. */
export interface SpecFolder {
  path: string
  files: string[]
}

export { documents }
export type SpecDocument = (typeof documents)[number]
/** What the API takes, in UTF-16 units; a file of that many bytes cannot be longer. */
const largest = 8_000_000

export const sha256 = (bytes: string | Uint8Array): string =>
  createHash('sha256').update(bytes).digest('hex')

/** A feature folder, or its tasks.md, as the path of the file. */
export function tasksPath(specPath: string): string {
  const path = relativePath(specPath)
  return /(^|\/)tasks\.md$/.test(path) ? path : `${path}/tasks.md`
}

/** A feature folder, or a file in it, as the path of the folder. */
export function folderPath(specPath: string): string {
  return relativePath(specPath).replace(/\/(spec|plan|tasks)\.md$/, '')
}

function relativePath(specPath: string): string {
  const path = specPath
    .replaceAll('\\', '/')
    .replace(/^(\.\/)+/, '')
    .replace(/\/+$/, '')
  const parts = path.split('/')
  if (path === '' || path.includes('\0') || /^(\/|[A-Za-z]:)/.test(path)) {
    throw new Error(
      `spec_path ${JSON.stringify(specPath)} must be relative to the repository, such as specs/001-name`,
    )
  }
  if (parts.some((part) => part === '..' || part === '' || part.toLowerCase() === '.git')) {
    throw new Error(
      `spec_path ${JSON.stringify(specPath)} must not contain "..", empty parts or ".git"`,
    )
  }
  return parts.filter((part) => part !== '.').join('/')
}

/**
 * The real path of a file below the repository, links followed; undefined when there is none.
 * @throws when the path leads out of the repository, or into its .git
 */
export async function confined(root: string, path: string): Promise<string | undefined> {
  const real = await realpath(join(root, path)).catch(missing)
  if (real === undefined) return undefined
  const inside = relative(root, real)
  const [first] = inside.split(sep)
  if (inside === '' || first === '..' || first === '.git' || inside.startsWith(sep)) {
    throw new Error(`${path} leads out of the repository: a link may not point there`)
  }
  return real
}

/** @returns undefined when the repository has no such file */
export async function readTasks(
  repository: Repository,
  specPath: string,
): Promise<TasksFile | undefined> {
  const spec_path = tasksPath(specPath)
  const bytes = await readFile(repository.root, spec_path)
  if (bytes === undefined) return undefined
  return {
    spec_path,
    content: strictText(spec_path, bytes),
    content_hash: sha256(bytes),
    commit: await commitOf(repository, spec_path),
  }
}

/** The bytes of a regular file of the repository; undefined when there is none. */
export async function readFile(root: string, path: string): Promise<Buffer | undefined> {
  const real = await confined(root, path)
  if (real === undefined) return undefined
  const file = await open(real, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0))
  try {
    const { size, ...info } = await file.stat().then((it) => ({ size: it.size, file: it.isFile() }))
    if (!info.file)
      throw new Error(`${path} is not a file: spec_path names a feature folder or its tasks.md`)
    if (size > largest) {
      throw new Error(`${path} has ${size} bytes, and the API takes ${largest}: split the feature`)
    }
    return await file.readFile()
  } finally {
    await file.close()
  }
}

function strictText(path: string, bytes: Buffer): string {
  try {
    // The byte order mark is part of the file: written back, it must still be there.
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch (cause) {
    throw new Error(`${path} is not valid UTF-8: save it as UTF-8 and run the flow again`, {
      cause,
    })
  }
}

async function commitOf({ git }: Repository, path: string): Promise<string | null> {
  const head = (await git.raw('rev-parse', '--verify', '--quiet', 'HEAD')).trim()
  if (head === '') return null
  const changed = await git.raw('status', '--porcelain', '--ignored', '--', `:(literal)${path}`)
  return changed === '' ? head : null
}

/** Every feature folder below a `specs` folder, whatever git ignores left out, newest first. */
export async function listSpecs({ git }: Repository): Promise<SpecFolder[]> {
  const listed = await git.raw(
    ...['ls-files', '-z', '--cached', '--others', '--exclude-standard', '--deduplicate', '--'],
    ...documents.map((name) => `:(glob)**/specs/**/${name}`),
  )
  const folders = new Map<string, string[]>()
  for (const path of listed.split('\0').filter(Boolean)) {
    const at = path.lastIndexOf('/')
    const folder = path.slice(0, at)
    folders.set(folder, [...(folders.get(folder) ?? []), path.slice(at + 1)])
  }
  return [...folders]
    .map(([path, files]) => ({ path, files: files.sort() }))
    .sort((a, b) => newestFirst(a.path, b.path))
}

/** Folders are named 001-name or 20260131-093000-name: the larger number is the newer one. */
function newestFirst(a: string, b: string): number {
  const [one, other] = [stamp(a), stamp(b)]
  if (one !== other) return one > other ? -1 : 1
  return a < b ? 1 : a > b ? -1 : 0
}

function stamp(path: string): bigint {
  const name = path.slice(path.lastIndexOf('/') + 1)
  const dated = /^(\d{8})-(\d{6})(?!\d)/.exec(name)
  const digits = dated ? `${dated[1]}${dated[2]}` : (/^\d{1,18}/.exec(name)?.[0] ?? '-1')
  return BigInt(digits)
}

/** Which of spec.md, plan.md and tasks.md a feature folder holds. */
export async function documentsIn(
  repository: Repository,
  folder: string,
): Promise<(typeof documents)[number][]> {
  const found: (typeof documents)[number][] = []
  for (const name of documents) {
    const real = await confined(repository.root, `${folder}/${name}`)
    if (real !== undefined && (await stat(real)).isFile()) found.push(name)
  }
  return found
}
