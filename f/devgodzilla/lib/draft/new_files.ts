import { randomUUID } from 'node:crypto'
import { link, lstat, mkdir, open, readdir, readFile, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { missing } from '../files.ts'
import { confined } from '../spec_files.ts'

/** A file to be, its path relative to the repository. */
export interface NewFile {
  path: string
  bytes: Buffer
}

const mostFiles = 100
const largest = 1_000_000

/**
 * The regular files below a folder, by name.
 * @throws where they are more or larger than documents are
 */
export async function filesBelow(root: string, folder: string): Promise<NewFile[]> {
  const files: NewFile[] = []
  async function walk(path: string): Promise<void> {
    if (!(await lstat(join(root, path)).catch(missing))?.isDirectory()) return
    const entries = await readdir(join(root, path), { withFileTypes: true })
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const inside = `${path}/${entry.name}`
      if (entry.isDirectory() && entry.name !== '.git') await walk(inside)
      if (!entry.isFile()) continue
      const { size } = await lstat(join(root, inside))
      if (size > largest || files.length >= mostFiles) {
        throw new Error(
          `${folder} holds more than ${mostFiles} files, or one of more than ${largest} bytes (${inside}): move what is no document elsewhere`,
        )
      }
      files.push({ path: inside, bytes: await readFile(join(root, inside)) })
    }
  }
  // A link on the way would lead to files of somebody else.
  if ((await confined(root, folder)) === join(root, folder)) await walk(folder)
  return files
}

/**
 * Writes a file that is not there yet: whole or not at all, and never over another.
 * @returns false where there is one by that name with other content
 */
export async function writeNew(root: string, { path, bytes }: NewFile): Promise<boolean> {
  const parent = dirname(path)
  for (let at = parent.indexOf('/'); ; at = parent.indexOf('/', at + 1)) {
    const known = await confined(root, at < 0 ? parent : parent.slice(0, at))
    if (known === undefined || at < 0) break
  }
  await mkdir(join(root, parent), { recursive: true })
  const target = join(root, path)
  const draft = join(root, parent, `.${randomUUID()}.tmp`)
  const file = await open(draft, 'wx', 0o644)
  try {
    await file.writeFile(bytes)
    await file.sync()
    await file.close()
    await link(draft, target)
    return true
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
    return (await readFile(target)).equals(bytes)
  } finally {
    await rm(draft, { force: true })
  }
}
