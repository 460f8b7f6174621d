import { createHash } from 'node:crypto'
import type { Dirent } from 'node:fs'
import { readdir, readFile, realpath } from 'node:fs/promises'
import { join, relative, sep } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type FSWatcher, watch } from 'chokidar'

interface Watching {
  /** The project's folder. */
  root: string
  /** Brings files and database together; answers what it did, in lines. */
  sync(): Promise<string[]>
  /** The hash of each file as the database knows it to be written. */
  known(): Promise<Map<string, string>>
  say(line: string): void
  signal: AbortSignal
  /** How long files must be quiet before they are synced (ms). */
  quiet?: number
}

/** Between two tries where the API or the engine cannot be reached (ms). */
const again = 5000

/**
 * Syncs whenever a file beside the database changes, one sync at a time, until the signal. Files
 * that are as the database knows them, such as what the sync itself wrote, start none.
 */
export async function watchFiles({
  root: given,
  sync,
  known,
  say,
  signal,
  quiet = 300,
}: Watching): Promise<void> {
  const root = await realpath(given)
  const changed = new Set<string>()
  let wake = () => {}
  // The root is watched with them, so that folders which are deleted and made again are found.
  const watcher = watch(root, {
    ignoreInitial: true,
    followSymlinks: false,
    ignored: (path) => !isWatched(named(root, path)),
  })
  watcher.on('all', (event, path) => {
    if (event === 'unlinkDir' || event === 'error') return
    changed.add(named(root, path))
    wake()
  })
  const ended = new Promise<void>((resolve) => {
    signal.addEventListener('abort', () => resolve(), { once: true })
    if (signal.aborted) resolve()
  })
  try {
    await new Promise<void>((resolve, reject) => {
      watcher.once('ready', resolve).once('error', reject)
    })
    watcher.on('error', (error) => say(`cannot watch: ${reason(error)}`))
    say(`watching delegation/ and docs/adr/ of ${root}`)
    // What changed before is found by the first one.
    let due = true
    while (!signal.aborted) {
      if (due) due = !(await told(sync, say))
      if (due) {
        await Promise.race([sleep(again, undefined, { ref: false }), ended])
        continue
      }
      const news = new Promise<void>((resolve) => {
        wake = resolve
      })
      if (changed.size === 0) await Promise.race([news, ended])
      await settled(changed, quiet, ended)
      const paths = [...changed]
      changed.clear()
      const files = await within(root, paths, watcher)
      due = !signal.aborted && (await differs(root, files, known))
    }
  } finally {
    await watcher.close()
  }
  say('stopped')
}

const isWatched = (path: string) =>
  path === '' ||
  path === 'docs' ||
  (/^(delegation|docs\/adr)(\/|$)/.test(path) && !/(^|\/)\.(git$|devgodzilla-.*\.tmp$)/.test(path))

/**
 * These paths, with all files for a folder. What is made in a folder just before it is watched is
 * told of by nobody: folders in there are watched from now on, too.
 */
async function within(root: string, paths: string[], watcher: FSWatcher): Promise<string[]> {
  const found = await Promise.all(
    paths.map(async (path) => {
      // Its folders are told of themselves.
      if (path === '') return []
      const inside = await readdir(join(root, path), {
        recursive: true,
        withFileTypes: true,
      }).catch(() => null)
      if (inside === null) return [path]
      const pathOf = (it: Dirent) => join(it.parentPath, it.name)
      watcher.add(inside.filter((it) => it.isDirectory()).map(pathOf))
      return inside.filter((it) => it.isFile()).map((it) => named(root, pathOf(it)))
    }),
  )
  return found.flat().filter(isWatched)
}

const named = (root: string, path: string) => relative(root, path).split(sep).join('/')

/** Until no file has changed for a while. */
async function settled(changed: ReadonlySet<string>, quiet: number, ended: Promise<void>) {
  for (let before = -1; before !== changed.size; ) {
    before = changed.size
    await Promise.race([sleep(quiet), ended])
  }
}

/** @returns false where it has to be tried again */
async function told(sync: Watching['sync'], say: Watching['say']): Promise<boolean> {
  try {
    for (const line of await sync()) say(line)
    return true
  } catch (error) {
    say(`not synced: ${reason(error)}`)
    return !(error instanceof Error && error.cause instanceof Error)
  }
}

/** Where the API cannot say what it knows, the sync will. */
async function differs(
  root: string,
  paths: readonly string[],
  known: Watching['known'],
): Promise<boolean> {
  const hashes = await known().catch(() => undefined)
  if (!hashes) return true
  for (const path of paths) {
    const bytes = await readFile(join(root, path)).catch(() => undefined)
    const now = bytes && createHash('sha256').update(bytes).digest('hex')
    if (now !== hashes.get(path)) return true
  }
  return false
}

const reason = (error: unknown) => (error instanceof Error ? error.message : String(error))
