import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { execa } from 'execa'
import { describe, expect, it, onTestFinished } from 'vitest'
import { lintWorkspace } from '../../../scripts/lint-flows/lint-workspace.ts'
import { wmillLockOf } from '../../../scripts/lint-flows/wmill-lock.ts'
import { readWorkspace } from '../../../scripts/lint-flows/workspace.ts'
import { requireTool } from '../../support/requires.ts'
import { workspaceWith } from './sound-workspace.ts'

const root = fileURLToPath(new URL('../../../', import.meta.url))
const wmill = requireTool('wmill')

describe.skipIf(!wmill)('wmill itself', () => {
  async function inFolder(folder: string, ...args: string[]) {
    const config = join(folder, 'config')
    const env = { WMILL_CONFIG_DIR: config, NO_COLOR: '1' }
    return execa('wmill', args, { cwd: folder, env, reject: false, stdin: 'ignore', all: true })
  }

  async function copied(from: string): Promise<string> {
    const folder = await mkdtemp(join(tmpdir(), 'wmill-'))
    onTestFinished(() => rm(folder, { recursive: true, force: true }))
    await cp(join(from, 'f'), join(folder, 'f'), { recursive: true })
    await cp(join(root, 'wmill.yaml'), join(folder, 'wmill.yaml'))
    return folder
  }

  it('finds our workspace valid and every lock there', async () => {
    const folder = await copied(root)
    const linted = await inFolder(folder, 'lint', '--fail-on-warn', '--locks-required', '--json')
    expect(linted.exitCode, linted.all).toBe(0)
  })

  it.each(['ours', 'one with a script written into a flow'])(
    'notes of our files what is noted here: %s',
    async (which) => {
      const folder = await copied(which === 'ours' ? root : await workspaceWith())
      await inFolder(folder, 'generate-metadata', 'rehash')
      const noted = await readFile(join(folder, 'wmill-lock.yaml'), 'utf8')
      expect(noted).toBe(wmillLockOf(await readWorkspace(folder)))
      if (which === 'ours') {
        expect(noted).toBe(await readFile(join(root, 'wmill-lock.yaml'), 'utf8'))
      }
    },
  )
})

it('reports what changed after it was noted, and what is gone', async () => {
  const folder = await workspaceWith()
  const file = join(folder, 'wmill-lock.yaml')
  const noted = wmillLockOf(await readWorkspace(folder))
  await writeFile(file, noted)
  expect((await lintWorkspace(folder)).problems).toEqual([])
  await writeFile(file, `${noted}  f/shop/gone: 1\n`)
  await writeFile(
    join(folder, 'f/shop/open__flow/count.ts'),
    'export async function main(guests: string[]) {}\n',
  )
  const { problems } = await lintWorkspace(folder)
  expect(problems.map(({ file, where, rule }) => `${file} ${where} ${rule}`)).toEqual([
    'wmill-lock.yaml f/shop/open__flow+__flow_hash wmill-lock',
    'wmill-lock.yaml f/shop/open__flow+count.ts wmill-lock',
    'wmill-lock.yaml f/shop/gone wmill-lock',
  ])
  expect(problems[0]?.message).toMatch(/npm run locks/)
})
