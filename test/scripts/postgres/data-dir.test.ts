import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { defaultDataDir, prepareDataDir } from '../../../scripts/postgres/data-dir.ts'
import { PostgresUnavailable } from '../../../scripts/postgres/error.ts'

const folder = await mkdtemp(join(tmpdir(), 'data-dir-'))
afterAll(() => rm(folder, { recursive: true }))

describe('the default data folder', () => {
  const HOME = '/home/ada'
  it.each([
    ['root', {}, 0, 'linux', '/var/lib/devgodzilla'],
    ['a user', { HOME }, 1000, 'linux', '/home/ada/.local/share/devgodzilla'],
    ['XDG', { HOME, XDG_DATA_HOME: '/data' }, 1000, 'linux', '/data/devgodzilla'],
    ['relative XDG', { HOME, XDG_DATA_HOME: 'x' }, 1, 'linux', `${HOME}/.local/share/devgodzilla`],
    ['macOS', { HOME }, 501, 'darwin', '/home/ada/Library/Application Support/devgodzilla'],
    ['named', { HOME, DEVGODZILLA_DATA_DIR: '/srv/dg' }, 0, 'linux', '/srv/dg'],
  ] as const)('%s', (_, env, uid, platform, expected) => {
    expect(defaultDataDir(env, uid, platform)).toBe(expected)
  })
})

describe('a data folder', () => {
  it('is made for its user alone', async () => {
    const path = join(folder, 'a', 'b')
    await prepareDataDir(path, 1000)
    expect((await stat(path)).mode & 0o777).toBe(0o700)
  })

  it('that cannot be used is refused with the way out', async () => {
    const file = join(folder, 'file')
    await writeFile(file, '')
    for (const path of [file, join(file, 'below')]) {
      const refusal = await prepareDataDir(path, 1000).catch((error: unknown) => error)
      expect(refusal).toBeInstanceOf(PostgresUnavailable)
      expect(String(refusal)).toContain(path)
      expect(String(refusal)).toContain('DEVGODZILLA_DATA_DIR')
    }
  })
})
