import { randomUUID } from 'node:crypto'
import { open, rename, rm, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Repository } from './repository.ts'
import { confined, readFile, sha256 } from './spec_files.ts'
import { refuseUnfinished } from './unfinished.ts'

/** A file as it should be, and the sha256 of the text that this was made from. */
export interface Change {
  path: string
  content: string
  base_hash: string
}

/** `gone`: the file is no longer there, so there is nothing to tick. */
export type Written = 'written' | 'already so' | 'gone'

/** Somebody edited the file since it was read. Nothing was written over it. */
export class FileChanged extends Error {
  override readonly name = 'FileChanged'
  readonly path: string

  constructor(path: string) {
    super(
      `${path} was edited since it was last imported, so nothing was written over it: ` +
        'run the flow again, it imports the edit first',
    )
    this.path = path
  }
}

const attempts = 6

/**
 * Writes files back: into the working tree of a local project, else as one commit on the branch,
 * pushed without force. All or nothing up to the first write: every file is checked before.
 * @returns what became of each file, in the order given
 * @throws FileChanged when a file is no longer the one the change was made from
 */
export async function writeBack(
  repository: Repository,
  changes: Change[],
  commitMessage: string,
): Promise<Written[]> {
  if (repository.kind === 'working tree') {
    const { root } = repository
    return writeAll(root, changes, () => refuseUnfinished(root))
  }
  const write = () => writeAll(repository.root, changes)
  return pushed(repository, write, (written) => written.includes('written'), commitMessage)
}

/**
 * Has files of a clone written, and pushes them as one commit, without force. Where the branch
 * moved, they are written again on top of it.
 * @param wrote whether there is anything to commit
 */
export async function pushed<T>(
  { git, root, branch, origin, readOnly }: Extract<Repository, { kind: 'clone' }>,
  write: () => Promise<T>,
  wrote: (written: T) => boolean,
  commitMessage: string,
): Promise<T> {
  if (readOnly) throw new Error('what was read from a ref is not written back: give no ref')
  for (let attempt = 1; attempt <= attempts; attempt++) {
    const written = await write()
    if (!wrote(written)) return written
    // A fresh clone holds no other change, so "all" is exactly what was written.
    await git.raw('add', '--all')
    await git.raw('commit', '--quiet', '--no-verify', '-m', commitMessage)
    if (await origin.push(root, branch)) return written
    // The branch moved: start from where it is now; the hashes tell whether a file did too.
    await sleep(Math.random() * 200 * attempt)
    const tip = await origin.fetch(root, branch)
    if (tip === undefined) throw new Error(`branch ${branch} of ${origin.name} is gone`)
    await git.raw('reset', '--quiet', '--hard', tip)
  }
  throw new Error(
    `branch ${branch} of ${origin.name} moved ${attempts} times while this was pushed: run it again`,
  )
}

async function writeAll(
  root: string,
  changes: Change[],
  ready = async () => {},
): Promise<Written[]> {
  const checked: Written[] = []
  for (const change of changes) checked.push(await compare(root, change))
  if (checked.includes('written')) await ready()
  for (const [at, change] of changes.entries()) {
    if (checked[at] === 'written') checked[at] = await replace(root, change)
  }
  return checked
}

/** What writing this file would come to. */
async function compare(root: string, { path, content, base_hash }: Change): Promise<Written> {
  const bytes = await readFile(root, path)
  if (bytes === undefined) return 'gone'
  const now = sha256(bytes)
  if (now === sha256(content)) return 'already so'
  if (now !== base_hash) throw new FileChanged(path)
  return 'written'
}

/** Replaces a file in one step: a reader sees the old text or the new one, never half of it. */
async function replace(root: string, change: Change): Promise<Written> {
  const target = await confined(root, change.path)
  if (target === undefined) return 'gone'
  const { mode } = await stat(target)
  const draft = join(dirname(target), `.${basename(target)}.${randomUUID()}.tmp`)
  const file = await open(draft, 'wx', mode & 0o777)
  try {
    try {
      await file.chmod(mode & 0o777)
      await file.writeFile(change.content)
      await file.sync()
    } finally {
      await file.close()
    }
    // Looked at once more, since writing the draft took its time.
    const state = await compare(root, change)
    if (state === 'written') await rename(draft, target)
    return state
  } finally {
    await rm(draft, { force: true })
  }
}
