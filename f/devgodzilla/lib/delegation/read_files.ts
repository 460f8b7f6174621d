import { lstat, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { missing } from '../files.ts'
import { isDraft, isOurs, isTemplate, type Problem, Unusable } from './beside.ts'
import { isSameFile, plainFolders, readPlainFile, textOf } from './plain_file.ts'

export interface TextFile {
  path: string
  text: string
}

/** What is beside the database in a repository. */
export interface DelegationFiles {
  files: TextFile[]
  templates: TextFile[]
  /** Left out, each with the reason. */
  problems: Problem[]
}

const mostFiles = 50_000
/** Of all files together, in UTF-16 units: what a sync may send; they are held in memory at once. */
const mostText = 64_000_000
/** Read at a time. */
const abreast = 16
/** A draft that is being written is younger (ms). */
const abandoned = 600_000

/**
 * Reads the files below delegation/ and docs/adr/, sorted by path. What cannot be taken (a link, a
 * binary, a file too large) is left out and named.
 * @throws where there are more files, or more text in them, than a sync takes
 */
export async function readDelegation(root: string, most = mostText): Promise<DelegationFiles> {
  const found: DelegationFiles = { files: [], templates: [], problems: [] }
  const walked: string[] = []
  for (const folder of ['delegation', 'docs/adr']) {
    try {
      const parts = folder.split('/').length
      if ((await plainFolders(root, folder)) === parts) await walk(root, folder, walked, found)
    } catch (error) {
      if (!(error instanceof Unusable)) throw error
      found.problems.push({ path: folder, message: error.message })
    }
  }
  const paths = [...new Set(walked)].sort()
  let length = 0
  for (let at = 0; at < paths.length; at += abreast) {
    const batch = paths.slice(at, at + abreast)
    const texts = await Promise.all(batch.map((path) => readText(root, path)))
    for (const [nth, path] of batch.entries()) {
      const text = texts[nth]
      if (text instanceof Unusable) found.problems.push({ path, message: text.message })
      else if (text !== undefined) {
        found[isTemplate(path) ? 'templates' : 'files'].push({ path, text })
        length += text.length
      }
    }
    if (length > most) {
      throw new Error(
        `the files below delegation/ and docs/adr/ have more than ${most} characters together: ` +
          'remove those that are large, or the folders of sprints that are long over',
      )
    }
  }
  return found
}

async function walk(
  root: string,
  folder: string,
  paths: string[],
  found: DelegationFiles,
): Promise<void> {
  for (const entry of await readdir(join(root, folder), { withFileTypes: true })) {
    const path = `${folder}/${await composed(join(root, folder), entry.name)}`
    if (entry.isDirectory()) {
      if (entry.name !== '.git') await walk(root, path, paths, found)
    } else if (isDraft(entry.name)) {
      await removeAbandoned(join(root, path))
    } else if (entry.isSymbolicLink()) {
      found.problems.push({ path, message: 'it is a link: put a file or folder there' })
    } else if (entry.isFile() && isOurs(path)) {
      paths.push(path)
      if (paths.length > mostFiles) {
        throw new Error(
          `there are more than ${mostFiles} files below delegation/ and docs/adr/: ` +
            'remove the folders of sprints that are long over',
        )
      }
    }
  }
}

/**
 * Some file systems answer names with accents apart from their letters, however they were written.
 * Where the name in one piece is the same file, it is called by that, as the API does.
 */
async function composed(folder: string, name: string): Promise<string> {
  const whole = name.normalize('NFC')
  return whole !== name && (await isSameFile(join(folder, whole), join(folder, name)))
    ? whole
    : name
}

async function readText(root: string, path: string): Promise<string | Unusable | undefined> {
  try {
    const bytes = await readPlainFile(root, path)
    return bytes && textOf(bytes)
  } catch (error) {
    if (error instanceof Unusable) return error
    throw error
  }
}

async function removeAbandoned(draft: string): Promise<void> {
  const found = await lstat(draft).catch(missing)
  if (found && Date.now() - found.mtimeMs > abandoned) await rm(draft, { force: true })
}
