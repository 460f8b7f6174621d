import { lstat, readdir, realpath } from 'node:fs/promises'
import { extname, join } from 'node:path'
import type { AgentLine } from '../agent/types.ts'
import { missing } from '../files.ts'
import { readFile } from '../spec_files.ts'
import { artifactsFolder } from './brief.ts'

export interface NewArtifact {
  name: string
  media_type: string
  content?: string
  uri?: string
}

const mostFiles = 50
/** What the API takes, in UTF-16 units; so many bytes cannot be more. */
const largest = 1_000_000
/** Names of what is told of every step. */
const taken = ['brief.md', 'summary.md', 'commit', 'changes.txt']

const mediaTypes: Record<string, string> = {
  '.md': 'text/markdown',
  '.json': 'application/json',
  '.csv': 'text/csv',
}

/**
 * The text files that an agent left for people; what cannot be kept is told.
 * @param root absolute, links resolved
 */
export async function filesLeft(
  root: string,
  hear: (line: AgentLine) => void,
): Promise<NewArtifact[]> {
  const left: NewArtifact[] = []
  const pass = (name: string, why: string) =>
    hear({ stream: 'system', line: `${artifactsFolder}/${name} is not kept: ${why}` })
  const folder = join(root, artifactsFolder)
  const real = await realpath(folder).catch(missing)
  if (real === undefined) return []
  if (real !== folder) {
    hear({ stream: 'system', line: `nothing of ${artifactsFolder} is kept: it is a link` })
    return []
  }
  for (const name of await filesBelow(folder)) {
    if (left.length === mostFiles) {
      pass(name, `${mostFiles} files are kept at most`)
      break
    }
    // One that is not UTF-8 is not found by its name again.
    const file = await lstat(join(folder, name)).catch(missing)
    if (!file?.isFile()) pass(name, 'it is not a regular file')
    else if (file.size === 0) pass(name, 'it is empty')
    else if (file.size > largest) pass(name, `it has more than ${largest} bytes`)
    else if (name.length > 200 || name.trim() !== name || /\p{Cc}/u.test(name)) {
      pass(name.slice(0, 200), 'its name is too long, or more than a line, or ends in blanks')
    } else {
      const content = textOf(await readFile(root, `${artifactsFolder}/${name}`))
      if (content === undefined) pass(name, 'it is not a text')
      else {
        const media_type = mediaTypes[extname(name)] ?? 'text/plain'
        left.push({ name: taken.includes(name) ? `files/${name}` : name, media_type, content })
      }
    }
  }
  return left
}

async function filesBelow(folder: string): Promise<string[]> {
  if (!(await lstat(folder)).isDirectory()) return []
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  return entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort()
}

function textOf(bytes: Buffer | undefined): string | undefined {
  if (!bytes || bytes.includes(0)) return undefined
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch (error) {
    if (error instanceof TypeError) return undefined
    throw error
  }
}
