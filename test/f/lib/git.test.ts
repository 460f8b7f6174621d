import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it, vi } from 'vitest'
import {
  authenticationFor,
  checkBranch,
  checkRemote,
  gitIn,
  withoutSecrets,
} from '../../../f/devgodzilla/lib/git.ts'
import { git, repositoryWith, temporaryFolder, writeFiles } from '../support/git-repositories.ts'

describe('a remote', () => {
  it.each([
    'https://example.org/a.git',
    'http://127.0.0.1:80/a',
    'ssh://git@example.org/a',
    'git://example.org/a',
    'git@example.org:a/b.git',
  ])('may be %s', (url) => {
    expect(() => checkRemote(url)).not.toThrow()
  })

  it.each([
    'ext::sh -c touch% /tmp/pwned',
    '--upload-pack=touch /tmp/pwned',
    'file:///etc',
    '/srv/repo.git',
    '../repo',
    'ssh://-oProxyCommand=touch/x',
    'git@host:-x',
    'https://a b',
    'fd::17',
    '',
  ])('may not be %j', (url) => {
    expect(() => checkRemote(url)).toThrow(/must be an https, ssh or git URL/)
  })

  it('may not carry a password, nor is it repeated', () => {
    const check = () => checkRemote('https://ann:hunter2@example.org/a.git')
    expect(check).toThrow(/f\/devgodzilla\/git/)
    expect(check).not.toThrow(/hunter2/)
    expect(withoutSecrets('ssh://ann:hunter2@h/x')).toBe('ssh://h/x')
  })
})

describe('a branch', () => {
  it.each(['main', 'release/1.2', 'féature', 'a-b_c'])('may be %s', (name) => {
    expect(() => checkBranch(name)).not.toThrow()
  })

  it.each(['-x', '--force', '', 'a b', 'a..b', 'a~1', 'a:b', '*', 'a\nb', 'x.lock', '/a', 'a@{1}'])(
    'may not be %j',
    (name) => {
      expect(() => checkBranch(name)).toThrow(/not the name of a branch/)
    },
  )
})

describe('a password', () => {
  const resource = {
    credentials: [{ host: 'git.example.org', username: 'bot', password: 'hunter2' }],
  }

  it('goes to its host alone, as a header in the environment', () => {
    const given = authenticationFor('https://git.example.org/a.git', resource)
    expect(given.GIT_CONFIG_KEY_0).toBe('http.https://git.example.org/.extraHeader')
    const basic = Buffer.from('bot:hunter2').toString('base64')
    expect(given.GIT_CONFIG_VALUE_0).toBe(`Authorization: Basic ${basic}`)
  })

  it.each([
    'https://evil.example.org/a.git',
    'https://git.example.org.evil.org/a',
    'https://git.example.org:8443/a',
    'ssh://git.example.org/a',
    'git@git.example.org:a',
  ])('does not go to %s', (url) => {
    expect(authenticationFor(url, resource)).toEqual({})
  })

  it('does not travel in the open', () => {
    const plain = () => authenticationFor('http://git.example.org/a', resource)
    expect(plain).toThrow(/use https/)
    expect(plain).not.toThrow(/hunter2/)
  })

  it('is not needed', () => {
    expect(authenticationFor('https://git.example.org/a', {})).toEqual({})
    expect(authenticationFor('https://git.example.org/a', { credentials: null })).toEqual({})
  })
})

describe('git', () => {
  it('does not follow the GIT_* variables of its surroundings', async () => {
    const folder = await repositoryWith({ 'a.txt': 'a' })
    process.env.GIT_DIR = '/nowhere'
    try {
      expect(await gitIn(folder).checkIsRepo()).toBe(true)
    } finally {
      delete process.env.GIT_DIR
    }
  })

  it('gives what a repository runs none of the worker’s secrets', async () => {
    const folder = await repositoryWith({ 'a.txt': 'a', '.gitattributes': '*.txt filter=spy' })
    await git(folder, 'config', 'filter.spy.clean', 'env >> .git/seen; cat')
    await git(folder, 'config', 'core.fsmonitor', 'touch .git/watched; false')
    await writeFiles(folder, { 'a.txt': 'b' })
    vi.stubEnv('WM_TOKEN', 'hunter2')
    vi.stubEnv('DATABASE_URL', 'postgres://hunter2')
    try {
      await gitIn(folder).raw('add', '--all')
    } finally {
      vi.unstubAllEnvs()
    }
    const seen = await readFile(join(folder, '.git/seen'), 'utf8')
    expect(seen).toContain('GIT_LFS_SKIP_SMUDGE=1')
    expect(seen).not.toContain('hunter2')
    expect(existsSync(join(folder, '.git/watched'))).toBe(false)
  })

  it.each(['ext::touch pwned', 'file:///nowhere'])(
    'does not follow a remote to %s',
    async (url) => {
      const folder = await temporaryFolder()
      await git(folder, 'init', '--quiet')
      await git(folder, 'config', 'remote.origin.url', url)
      await expect(gitIn(folder).raw('fetch', 'origin')).rejects.toThrow(/not allowed/)
    },
  )
})
