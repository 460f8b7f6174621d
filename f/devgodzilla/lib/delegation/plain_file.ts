import { constants } from 'node:fs'
import { lstat, open } from 'node:fs/promises'
import { join } from 'node:path'
import { missing } from '../files.ts'
import { Unusable } from './beside.ts'

/** What the API takes, in UTF-16 units; a file of that many bytes cannot be longer. */
export const largestFile = 1_000_000

/**
 * Whether every folder on the way to a path is one, and no link: where a link leads to is somebody
 * else's.
 * @param root absolute, links resolved
 * @returns how many of the folders are there
 * @throws Unusable naming the part that is something else
 */
export async function plainFolders(root: string, folder: string): Promise<number> {
  const parts = folder.split('/').filter(Boolean)
  for (const at of parts.keys()) {
    const path = parts.slice(0, at + 1).join('/')
    const found = await lstat(join(root, path)).catch(missing)
    if (found === undefined) return at
    if (!found.isDirectory()) {
      throw new Unusable(
        `${path} is ${found.isSymbolicLink() ? 'a link' : 'no folder'}: files below it are neither read nor written`,
      )
    }
  }
  return parts.length
}

/** Whether two paths lead to one file, as they may in upper and lower case or other forms of Unicode. */
export async function isSameFile(path: string, other: string): Promise<boolean> {
  const [one, two] = await Promise.all([path, other].map((it) => lstat(it).catch(missing)))
  return one !== undefined && one.ino === two?.ino && one.dev === two.dev
}

/**
 * The bytes of a plain file whose folders are plain; undefined when there is none.
 * @throws Unusable for a link, a folder, or a file too large
 */
export async function readPlainFile(root: string, path: string): Promise<Buffer | undefined> {
  const target = join(root, path)
  const found = await lstat(target).catch(missing)
  if (found === undefined) return undefined
  if (!found.isFile()) {
    throw new Unusable(`it is ${found.isSymbolicLink() ? 'a link' : 'no file'}: put a file there`)
  }
  // A link that came meanwhile is not followed; one to a device would never end.
  const file = await open(target, constants.O_RDONLY | noFollow).catch(missing)
  if (file === undefined) return undefined
  try {
    const { size } = await file.stat()
    if (size > largestFile) {
      throw new Unusable(`it has ${size} bytes, and a file may have ${largestFile}: shorten it`)
    }
    return await file.readFile()
  } catch (error) {
    if (isLoop(error)) throw new Unusable('it is a link: put a file there')
    throw error
  } finally {
    await file.close()
  }
}
const noFollow = (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0)
const isLoop = (error: unknown) =>
  error instanceof Error && 'code' in error && error.code === 'ELOOP'

/** @throws Unusable where the bytes are no text */
export function textOf(bytes: Uint8Array): string {
  try {
    // The byte order mark is part of the file: written back, it must still be there.
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
    if (!text.includes('\0')) return text
  } catch (error) {
    if (!(error instanceof TypeError)) throw error
  }
  throw new Unusable('it is binary, or no UTF-8: save it as UTF-8')
}
