import { createHash } from 'node:crypto'
import { renameSync, writeFileSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { watchFiles } from '../../../scripts/cli/delegation/watch.ts'
import { writeFiles } from '../../f/support/git-repositories.ts'
import { eventually } from '../../support/api.ts'

const file = 'delegation/sprints/S1/T-1/AGENT.yml'
let root: string
let stop: () => Promise<void>
let syncs: string[][]
let said: string[]
let known: Map<string, string>
let during: () => Promise<void>
/** What each sync writes itself. */
let writes: Record<string, string>
/** How often the hashes that the database knows were asked for. */
let looks: number

/** The text of every file, as a sync reads it. */
async function texts(): Promise<Record<string, string>> {
  const found = await readdir(root, { recursive: true, withFileTypes: true })
  const paths = found.filter((it) => it.isFile()).map((it) => join(it.parentPath, it.name))
  const read = async (path: string) => [path.slice(root.length + 1), await readFile(path, 'utf8')]
  return Object.fromEntries(await Promise.all(paths.map(read)))
}
const hash = (text: string) => createHash('sha256').update(text).digest('hex')
const synced = (count: number) =>
  eventually(
    async () => syncs.length,
    (it) => it >= count,
  )

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'watch-test-'))
  ;[syncs, said, known, during, looks, writes] = [[], [], new Map(), async () => {}, 0, {}]
  await writeFiles(root, { [file]: 'one', 'src/main.ts': '1' })
  const ended = new AbortController()
  const watching = watchFiles({
    ...{ root, signal: ended.signal, quiet: 50, say: (line: string) => said.push(line) },
    known: async () => {
      looks += 1
      return known
    },
    async sync() {
      const now = await texts()
      syncs.push(Object.keys(now))
      await during()
      await writeFiles(root, writes)
      known = new Map(
        Object.entries({ ...now, ...writes }).map(([path, text]) => [path, hash(text)]),
      )
      return [`sync ${syncs.length}`]
    },
  })
  stop = async () => {
    ended.abort()
    await watching
  }
  await synced(1)
})
afterEach(async () => {
  await stop()
  await rm(root, { recursive: true, force: true })
})

test('an edit is synced once however it is written; other files, and what is known, are not', async () => {
  // All of it before the watcher is told of any: a slow disk would make two edits of them.
  writeFileSync(join(root, 'src/main.ts'), '2')
  // As an editor saves: a file beside it, renamed over it.
  writeFileSync(join(root, `${file}~`), 'two')
  renameSync(join(root, `${file}~`), join(root, file))
  writeFileSync(join(root, file), 'three')
  expect(await synced(2)).toBe(2)
  await new Promise((resolve) => setTimeout(resolve, 200))
  expect(syncs).toHaveLength(2)
  expect(said).toEqual([expect.stringMatching(/^watching /), 'sync 1', 'sync 2'])
})

test('what a sync writes itself starts none', async () => {
  const own = 'delegation/sprints/S1/SPRINT.md'
  writes = { [own]: 'written by the sync' }
  await writeFile(join(root, file), 'two')
  await synced(2)
  // Looked at, and found to be as the database knows it.
  await eventually(
    async () => looks,
    (it) => it >= 2,
  )
  await new Promise((resolve) => setTimeout(resolve, 200))
  expect(syncs).toHaveLength(2)
  expect(known.get(own)).toBe(hash('written by the sync'))
})

test('what changes while a sync runs is synced after it, and never two at once', async () => {
  let running = 0
  during = async () => {
    running += 1
    expect(running).toBe(1)
    if (syncs.length === 2) await writeFile(join(root, file), 'during')
    await new Promise((resolve) => setTimeout(resolve, 150))
    running -= 1
  }
  await writeFile(join(root, file), 'before')
  expect(await synced(3)).toBe(3)
  await eventually(
    async () => known.get(file),
    (it) => it === hash('during'),
  )
  expect(syncs).toHaveLength(3)
})

test('a folder that is deleted and made again is watched on, and so are decisions', async () => {
  await rm(join(root, 'delegation'), { recursive: true })
  expect(await synced(2)).toBe(2)
  await writeFiles(root, { [file]: 'anew' })
  expect(await synced(3)).toBe(3)
  await writeFile(join(root, file), 'anew, edited')
  expect(await synced(4)).toBe(4)
  await writeFiles(root, { 'docs/adr/ADR-001-tea.md': '# Tea' })
  expect(await synced(5)).toBe(5)
  expect(syncs.at(-1)).toContain('docs/adr/ADR-001-tea.md')
})

test('what is made in a folder before that one is watched is found, and watched on', async () => {
  for (let n = 0; n < 20; n++) {
    const path = `delegation/sprints/N${n}/T-1/AGENT.yml`
    const is = async (text: string) => {
      const now = await eventually(
        async () => known.get(path),
        (it) => it === hash(text),
      )
      expect(now).toBe(hash(text))
    }
    await mkdir(join(root, dirname(dirname(path))))
    // Each at another moment of the watcher's own work.
    await new Promise((resolve) => setTimeout(resolve, n % 5))
    await writeFiles(root, { [path]: 'new' })
    await is('new')
    await writeFile(join(root, path), 'edited')
    await is('edited')
  }
})

test('it ends when it is told to, and says so', async () => {
  await stop()
  expect(said.at(-1)).toBe('stopped')
})
