import {
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import { Bundler } from '../../../scripts/local-windmill/runner/bundler.ts'
import { KeptBuilds } from '../../../scripts/local-windmill/runner/kept-builds.ts'
import { workspaceFolder } from './workspace-folder.ts'

/** A workspace with one script, `f/t/greet.ts`, and a folder for what is built of it. */
async function workshop(source: string) {
  const workspace = workspaceFolder()
  const cache = await mkdtemp(join(tmpdir(), 'devgodzilla-test-bundles-'))
  onTestFinished(async () => {
    workspace.remove()
    await rm(cache, { recursive: true, force: true })
  })
  await workspace.file('f/t/greet.ts', source)
  /** As a process would that has just begun. */
  const bundle = (root = workspace.root, folder = cache) => {
    const file = join(root, 'f/t/greet.ts')
    return new Bundler(root, folder).bundle({ kind: 'file', name: 'greet', file })
  }
  const built = async (root?: string) => readFile(new URL((await bundle(root)).url), 'utf8')
  /** Where builds lie today. */
  const today = new KeptBuilds(cache).today
  return { workspace, cache, bundle, built, today }
}

/** The day that many days ago, as folders are named. */
const daysAgo = (days: number) =>
  new Date(Date.now() - days * 86_400_000).toISOString().slice(0, 10)

test('what one process has built serves the next, until the script changes', async () => {
  const { workspace, today, bundle } = await workshop(
    'export function main(name: string) { return name }',
  )
  const record = async () => {
    const [name = ''] = (await readdir(today)).filter((it) => it.endsWith('.json'))
    return join(today, name)
  }

  const first = await bundle()
  const { ino } = await stat(await record())
  expect(await bundle()).toEqual(first)
  expect((await stat(await record())).ino).toBe(ino)

  await writeFile(await record(), '{"half of')
  expect(await bundle()).toEqual(first)

  await workspace.file('f/t/greet.ts', 'export function main(who: string) { return who }')
  const changed = await bundle()
  expect(changed.url).not.toBe(first.url)
  expect(changed.parameters).toMatchObject([{ name: 'who' }])
})

test('many that build the same at once each get the whole of it', async () => {
  const { workspace, cache, today, built } = await workshop('export function main() { return 0 }')
  const engine = new Bundler(workspace.root, cache)
  const file = join(workspace.root, 'f/t/greet.ts')
  const source = { kind: 'file', name: 'greet', file } as const
  await engine.bundle(source)
  await workspace.file('f/t/greet.ts', 'export function main() { return 1 }')
  const others = Array.from({ length: 8 }, () => engine.bundle(source))
  expect(new Set((await Promise.all(others)).map(({ url }) => url)).size).toBe(1)
  expect(await built()).toContain('return 1')
  expect(await readdir(today)).toHaveLength(3)
})

test('what was cut off when the machine went down is built again', async () => {
  const { bundle, built } = await workshop('export function main() { return "whole" }')
  await writeFile(new URL((await bundle()).url), 'export func')
  expect(await built()).toContain('whole')
})

test('a package that is worked on, or comes before another, is taken as it is now', async () => {
  const { workspace, built } = await workshop(
    'import { word } from "linked"\nexport function main() { return word }',
  )
  const manifest = '{"type": "module", "exports": "./index.js"}'
  await workspace.file('elsewhere/package.json', manifest)
  await workspace.file('elsewhere/index.js', 'export const word = "first"')
  await mkdir(join(workspace.root, 'node_modules'))
  await symlink(join(workspace.root, 'elsewhere'), join(workspace.root, 'node_modules/linked'))
  expect(await built()).toContain('"first"')
  await workspace.file('elsewhere/index.js', 'export const word = "second"')
  expect(await built()).toContain('"second"')

  await workspace.file('f/t/greet.ts', 'import { z } from "zod"\nexport function main() { z() }')
  expect(await built()).toContain('ZodString')
  await workspace.file('node_modules/zod/package.json', manifest)
  await workspace.file('node_modules/zod/index.js', 'export const z = () => "mine"')
  expect(await built()).toContain('"mine"')
})

test('a package that is missing is not looked for beside the bundle, where anybody may put one', async () => {
  const { workspace, built } = await workshop(
    'import { optional } from "modern"\nexport function main() { return optional() }',
  )
  await workspace.file('node_modules/modern/package.json', '{"type": "module", "main": "index.js"}')
  await workspace.file(
    'node_modules/modern/index.js',
    'export const optional = () => import("no-such-package")',
  )
  const place = join(workspace.root, 'node_modules/modern/node_modules/no-such-package')
  expect(await built()).toContain(`import("file://${place}")`)
})

test('a workspace may be reached by a link', async () => {
  const { workspace, built } = await workshop('import "zod"\nexport function main() {}')
  const link = `${workspace.root}-link`
  await symlink(workspace.root, link)
  onTestFinished(() => rm(link))
  expect(await built(link)).not.toMatch(/import "zod"/)
  await workspace.file('outside.ts', 'export {}')
  await workspace.file('f/t/greet.ts', 'import "../../outside.ts"\nexport function main() {}')
  await expect(built(link)).rejects.toThrow(/outside f\//)
})

test('a folder that takes nothing is named, with the way out', async () => {
  const { workspace, cache, bundle } = await workshop('export function main() {}')
  const folder = join(cache, 'taken')
  await writeFile(folder, '')
  await expect(bundle(workspace.root, folder)).rejects.toThrow(/cannot be kept.*room in .*taken/)
})

test('what was built on an earlier day is used from a copy in today’s folder', async () => {
  const { cache, bundle, today } = await workshop('export function main(name: string) {}')
  const { url } = await bundle()
  expect(dirname(fileURLToPath(url))).toBe(today)
  expect((await stat(today)).mode & 0o777).toBe(0o700)
  const earlier = join(cache, daysAgo(3))
  await rename(today, earlier)
  const [record = ''] = (await readdir(earlier)).filter((it) => it.endsWith('.json'))
  const text = await readFile(join(earlier, record), 'utf8')
  // Built anew it would be called as it is in the script.
  const marked = text.replaceAll(today, earlier).replace('"name":"name"', '"name":"from earlier"')
  await writeFile(join(earlier, record), marked)

  const again = await bundle()
  expect(again).toMatchObject({ url, parameters: [{ name: 'from earlier' }] })
  // Others may still be loading the old one; the new one goes on without it.
  expect(await readdir(earlier)).toHaveLength(2)
  await rm(earlier, { recursive: true })
  expect(await bundle()).toEqual(again)
})

test('days without use are swept, and the oldest beyond a size, but never today and yesterday', async () => {
  const { cache, today } = await workshop('')
  const days = [0, 1, 2, 6, 9].map(daysAgo)
  for (const day of days) {
    await mkdir(join(cache, day))
    await writeFile(join(cache, day, 'module.mjs'), 'x'.repeat(1000))
  }
  await writeFile(join(cache, 'somebody’s.txt'), '')
  const left = async () => (await readdir(cache)).sort().reverse().slice(1)
  const kept = new KeptBuilds(cache)
  await Promise.all([kept.sweep(), new KeptBuilds(cache).sweep()])
  expect(await left()).toEqual(days.slice(0, 4))
  await kept.sweep(3500)
  expect(await left()).toEqual(days.slice(0, 3))
  await kept.sweep(10)
  expect(await left()).toEqual(days.slice(0, 2))
  expect(await readdir(today)).toHaveLength(1)
})
