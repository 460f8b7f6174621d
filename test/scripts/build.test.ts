import {
  cp,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { execa } from 'execa'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const PRODUCT = fileURLToPath(new URL('../../', import.meta.url))
/** A small project with our scripts, and a CLI and console of its own. */
let root: string

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'build-'))
  for (const path of ['scripts/build.mjs', 'scripts/bin.mjs', 'package.json']) {
    await cp(join(PRODUCT, path), join(root, path))
  }
  await symlink(join(PRODUCT, 'node_modules'), join(root, 'node_modules'))
  await write('scripts/devgodzilla.ts', "import { say } from '../api/say.ts'\nsay('one')")
  await write('scripts/mcp/main.ts', "console.log('bridged')")
  await write(
    'scripts/client.ts',
    `import { word } from './word.ts'
     export const runClient = async () => {
       if (process.argv[2] === 'quick') console.log(word)
       return process.argv[2] === 'quick'
     }`,
  )
  await write('scripts/word.ts', "export const word = 'at once'")
  await write(
    'api/say.ts',
    `import postgres from 'postgres'
     import { existsSync } from 'node:fs'
     const beside = existsSync(new URL('./beside.txt', import.meta.url))
     export const say = (word: string) =>
       console.log(JSON.stringify({ word, args: process.argv.slice(2), beside, driver: typeof postgres }))`,
  )
  await write('api/beside.txt', '')
  await write('console/index.html', '<script type="module" src="/main.ts"></script>')
  await write('console/main.ts', "document.title = 'one'")
})
afterAll(() => rm(root, { recursive: true, force: true }))

async function write(path: string, text: string): Promise<void> {
  await mkdir(join(root, path, '..'), { recursive: true })
  await writeFile(join(root, path), text)
}

async function node(...args: string[]): Promise<string> {
  const { all } = await execa(process.execPath, args, { cwd: root, all: true })
  return all
}

const build = () => node('scripts/build.mjs')

describe('the build', () => {
  it('makes the CLI and the console, and leaves them alone while nothing changed', async () => {
    expect(await build()).toMatch(
      /Built the CLI in .*\nBuilt the client in .*\nBuilt the MCP bridge in .*\nBuilt the console in /,
    )
    const made = await stat(join(root, 'dist/devgodzilla.js'))
    expect(await build()).toBe('')
    expect((await stat(join(root, 'dist/devgodzilla.js'))).mtimeMs).toBe(made.mtimeMs)
    expect((await readdir(join(root, 'dist'))).sort()).toEqual([
      'cli.stamp',
      'client.js',
      'client.js.map',
      'client.stamp',
      'console',
      'console.stamp',
      'devgodzilla.js',
      'devgodzilla.js.map',
      'mcp.js',
      'mcp.js.map',
      'mcp.stamp',
    ])
    expect(await readFile(join(root, 'dist/console/index.html'), 'utf8')).toContain('/console/')
  })

  it('makes what changed, and that alone', async () => {
    await write('console/main.ts', "document.title = 'another'")
    expect(await build()).toMatch(/^Built the console in \d+ ms\.$/)
    await write('scripts/devgodzilla.ts', "import { say } from '../api/say.ts'\nsay('two')")
    expect(await build()).toMatch(/^Built the CLI in \d+ ms\.$/)
    await write('scripts/word.ts', "export const word = 'soon'")
    expect(await build()).toMatch(/^Built the client in \d+ ms\.$/)
    await rm(join(root, 'dist/console'), { recursive: true })
    expect(await build()).toMatch(/^Built the console/)
  })

  it('may run several times at once, over what a killed one left', async () => {
    await mkdir(join(root, 'dist/.build-999999999-cli'), { recursive: true })
    await Promise.all([1, 2, 3].map(() => node('scripts/build.mjs', '--force')))
    expect(JSON.parse(await node('dist/devgodzilla.js')).word).toBe('two')
    expect((await readdir(join(root, 'dist'))).filter((name) => name.startsWith('.'))).toEqual([])
    expect(await build()).toBe('')
  })

  it('leaves the old result when the sources are broken, and says what is wrong', async () => {
    const before = await readFile(join(root, 'dist/devgodzilla.js'), 'utf8')
    await write('scripts/devgodzilla.ts', 'const = 1')
    await expect(build()).rejects.toThrow(/scripts\/devgodzilla\.ts:1:6/)
    expect(await readFile(join(root, 'dist/devgodzilla.js'), 'utf8')).toBe(before)
  })
})

describe('the command', () => {
  it('builds what is stale and passes its arguments on', async () => {
    await write('scripts/devgodzilla.ts', "import { say } from '../api/say.ts'\nsay('three')")
    const out = await node('scripts/bin.mjs', 'sprint', 'list')
    expect(out).toMatch(/^Built the CLI/)
    expect(JSON.parse(await node('scripts/bin.mjs', 'sprint', 'list'))).toEqual({
      word: 'three',
      args: ['sprint', 'list'],
      beside: true,
      driver: 'function',
    })
  })

  it('runs what only speaks to the API, and the bridge, without the rest', async () => {
    await write('scripts/devgodzilla.ts', "console.log('the rest')")
    expect(await node('scripts/bin.mjs', 'quick')).toBe('soon')
    expect(await node('scripts/bin.mjs', 'mcp')).toBe('bridged')
    await write('scripts/word.ts', "export const word = 'at last'")
    expect(await node('scripts/bin.mjs', 'quick')).toMatch(/^Built the client in .*\nat last$/)
    await write('scripts/devgodzilla.ts', "import { say } from '../api/say.ts'\nsay('three')")
    await build()
  })

  it('runs without sources', async () => {
    for (const path of ['scripts/devgodzilla.ts', 'scripts/client.ts', 'api', 'console']) {
      await rm(join(root, path), { recursive: true })
    }
    expect(JSON.parse(await node('scripts/bin.mjs')).word).toBe('three')
  })
})
