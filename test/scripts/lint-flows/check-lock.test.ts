import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { lintWorkspace } from '../../../scripts/lint-flows/lint-workspace.ts'
import {
  type Edit,
  inMetadata,
  inScript,
  lockFile,
  metadataFile,
  workspaceWith,
} from './sound-workspace.ts'

const root = fileURLToPath(new URL('../../../', import.meta.url))
const inInstalled = (...replace: [string, string]): Edit => ({ file: 'package-lock.json', replace })

describe('of a script’s lock, it reports', () => {
  const where = /^must be '!inline f\/shop\/greet.script.lock': run npm run locks/
  it.each<[string, Edit, RegExp]>([
    ['that there is none', inMetadata(`lock: '!inline ${lockFile}'`, "lock: ''"), where],
    ['that it is another’s', inMetadata('!inline f/shop/greet', '!inline f/shop/lib'), where],
    ['that its file is missing', { remove: lockFile }, /no f\/shop\/greet.script.lock/],
    [
      'a package of another version',
      inInstalled('"version": "2.0.1"', '"version": "2.0.2"'),
      /is not what package-lock.json has/,
    ],
    [
      'a package of a package with another version',
      inInstalled('"version": "1.1.0"', '"version": "1.1.1"'),
      /is not what package-lock.json has/,
    ],
    [
      'a package that it lacks',
      inScript("import { loud } from './lib.ts'", "import '@big/letters'\nimport './lib.ts'"),
      /is not what package-lock.json has/,
    ],
    [
      'a package that is imported later',
      inScript('return loud(name)', "return (await import('@big/letters')).loud(name)"),
      /is not what package-lock.json has/,
    ],
    [
      'a package that nobody needs',
      inScript("import { loud } from './lib.ts'", ''),
      /is not what package-lock.json has/,
    ],
    [
      'a package that is not installed',
      inScript("from './lib.ts'", "from 'quiet-words'"),
      /needs quiet-words, which package-lock.json does not have/,
    ],
    [
      'a package that is more than a lock here can tell',
      inInstalled('"dependencies": {', '"peerDependencies": {'),
      /needs loud-words, whose peerDependencies/,
    ],
  ])('%s', async (_, edit, message) => {
    const { problems } = await lintWorkspace(await workspaceWith(edit))
    expect(problems).toContainEqual({
      ...{ file: metadataFile, where: 'lock', rule: 'script-lock' },
      message: expect.stringMatching(message),
    })
  })
})

it('takes locks as they are where nothing is installed', async () => {
  const folder = await workspaceWith({ remove: 'package-lock.json' })
  expect((await lintWorkspace(folder)).problems).toEqual([])
})

it('is content with the locks that are written for it', async () => {
  const folder = await workspaceWith(
    { remove: lockFile },
    inMetadata(`lock: '!inline ${lockFile}'\n`, ''),
    { file: 'f/shop/lib.script.yaml', replace: ["'!inline f/shop/lib.script.lock'", '""'] },
    inInstalled('node_modules/@big', 'node_modules/loud-words/node_modules/@big'),
    inScript("import { loud } from './lib.ts'", "import { loud } from '/f/shop/lib'"),
  )
  expect((await lintWorkspace(folder)).problems).toHaveLength(2)
  const program = join(root, 'scripts/write-script-locks.ts')
  await promisify(execFile)(join(root, 'node_modules/.bin/tsx'), [program, folder])
  expect((await lintWorkspace(folder)).problems).toEqual([])
  expect(await readFile(join(folder, lockFile), 'utf8')).toContain(
    '"loud-words/@big/letters": ["@big/letters@1.1.0", "", {}, "sha512-bb"],',
  )
})

it('needs nothing where nothing is imported', async () => {
  const folder = await workspaceWith(inScript("import { loud } from './lib.ts'", ''), {
    file: lockFile,
    content: '{\n  "dependencies": {}\n}\n//bun.lock\n<empty>',
  })
  expect((await lintWorkspace(folder)).problems).toEqual([])
})
