import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdir, readdir, readFile, rm, stat, truncate, utimes, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import { withRepository } from '../../../f/devgodzilla/lib/repository.ts'
import { readTasks } from '../../../f/devgodzilla/lib/spec_files.ts'
import { bundleProgram, runProgram } from '../../support/program.ts'
import { project } from '../support/entities.ts'
import { colleaguePushes, git, temporaryFolder } from '../support/git-repositories.ts'
import { remoteWith } from '../support/git-server.ts'

const path = 'specs/001-a/tasks.md'
const files = { [path]: 'first\n', 'noise.bin': randomBytes(50_000) }

let worker: string
beforeEach(async () => {
  worker = await temporaryFolder()
  vi.stubEnv('TMPDIR', worker)
  return () => {
    vi.unstubAllEnvs()
    vi.restoreAllMocks()
  }
})

const home = () => join(worker, `devgodzilla-mirrors-${process.getuid?.()}`)
const mirrors = () => readdir(home())
const read = (url: string, credentials: object = {}) =>
  withRepository(
    project({ repo_url: url }),
    credentials,
    async (repository) => (await readTasks(repository, path))?.content,
  )

describe('a mirror', () => {
  it('spares the next job all that was fetched before', async () => {
    const remote = await remoteWith(files)
    expect(await read(remote.url)).toBe('first\n')
    expect(await read(remote.url)).toBe('first\n')
    await colleaguePushes(remote.bare, { [path]: 'second\n' })
    expect(await read(remote.url)).toBe('second\n')
    const [first = 0, ...later] = remote.packs
    expect(first).toBeGreaterThan(50_000)
    expect(later).toHaveLength(1)
    expect(later[0]).toBeLessThan(1000)
    expect(await mirrors()).toHaveLength(1)
  })

  it('is for this user alone', async () => {
    const { url } = await remoteWith(files)
    await read(url)
    expect((await stat(home())).mode & 0o777).toBe(0o700)
  })

  it('follows a branch that was rewritten', async () => {
    const { url, bare } = await remoteWith(files)
    await read(url)
    await git(bare, 'update-ref', '-d', 'refs/heads/main')
    await colleaguePushes(bare, { [path]: 'rewritten\n' })
    expect(await read(url)).toBe('rewritten\n')
  })

  it('shows nothing to a job that the host would not show it to', async () => {
    const account = { username: 'bot', password: 'hunter2' }
    const { url, host } = await remoteWith(files, account)
    await read(url, { credentials: [{ host, ...account }] })
    await expect(read(url)).rejects.toThrow(/cannot clone/)
    const wrong = { credentials: [{ host, ...account, password: 'guessed' }] }
    const error = await read(url, wrong).catch(String)
    expect(error).toContain('cannot clone')
    expect(error).not.toContain('guessed')
    expect(error).not.toContain(Buffer.from('bot:guessed').toString('base64'))
  })

  it('goes when others were used later, the last used staying', async () => {
    const { url } = await remoteWith(files)
    await read(url)
    const [mine = ''] = await mirrors()
    const old = new Date(Date.now() - 7_200_000)
    await utimes(join(home(), mine), old, old)
    for (let at = 0; at < 30; at++) await mkdir(join(home(), `${at}.git`))
    await mkdir(join(home(), 'new-unfinished'))
    await utimes(join(home(), 'new-unfinished'), old, old)
    await read((await remoteWith(files)).url)
    const left = await mirrors()
    expect(left).toHaveLength(24)
    expect(left).not.toContain(mine)
    expect(left).not.toContain('new-unfinished')
  })
})

it('a mirror is rid of what killed fetches had received, not of what one receives now', async () => {
  const { url } = await remoteWith(files)
  await read(url)
  const [mirror = ''] = await mirrors()
  const packs = join(home(), mirror, 'objects/pack')
  for (const name of ['tmp_pack_old', 'tmp_pack_new']) await writeFile(join(packs, name), 'half')
  const old = new Date(Date.now() - 7_200_000)
  await utimes(join(packs, 'tmp_pack_old'), old, old)
  await read(url)
  const left = (await readdir(packs)).filter((name) => name.startsWith('tmp_'))
  expect(left).toEqual(['tmp_pack_new'])
})

describe('a broken mirror is made anew, or made whole by git', () => {
  const packs = async (mirror: string) =>
    (await readdir(join(mirror, 'objects/pack'))).filter((name) => name.endsWith('.pack'))

  it.each<[string, (mirror: string) => Promise<unknown>]>([
    ['without its configuration', (mirror) => writeFile(join(mirror, 'config'), '[core')],
    ['without a HEAD', (mirror) => rm(join(mirror, 'HEAD'))],
    ['without objects', (mirror) => rm(join(mirror, 'objects'), { recursive: true })],
    [
      'with half a pack',
      async (mirror) => {
        for (const name of await packs(mirror)) {
          await truncate(join(mirror, 'objects/pack', name), 20_000)
        }
      },
    ],
    [
      'with refs to nothing',
      async (mirror) => {
        for (const name of await readdir(join(mirror, 'refs/fetched'))) {
          await writeFile(join(mirror, 'refs/fetched', name), `${'1'.repeat(40)}\n`)
        }
        await rm(join(mirror, 'objects'), { recursive: true })
        await mkdir(join(mirror, 'objects/pack'), { recursive: true })
      },
    ],
  ])('%s', async (_, damage) => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {})
    const { url, bare } = await remoteWith(files)
    await git(bare, 'config', 'repack.writeBitmaps', 'false')
    await git(bare, 'gc', '--quiet')
    vi.stubEnv('GIT_CONFIG_GLOBAL', '/dev/null')
    await read(url)
    const [mirror = ''] = await mirrors()
    await git(join(home(), mirror), 'repack', '--quiet', '-a', '-d')
    await damage(join(home(), mirror))
    expect(await read(url)).toBe('first\n')
    const told = warn.mock.calls.length
    expect(told).toBeLessThanOrEqual(1)
    expect(await read(url)).toBe('first\n')
    expect(warn).toHaveBeenCalledTimes(told)
    expect(await mirrors()).toEqual([mirror])
  })
})

describe('several processes', () => {
  const start = async (url: string, times: number) =>
    runProgram(
      await bundleProgram('read-tasks', worker),
      [JSON.stringify({ url, times, spec_path: 'specs/001-a' })],
      { env: { ...process.env, TMPDIR: worker } },
    )

  it('read one remote at once, from the first moment on', async () => {
    const { url } = await remoteWith(files)
    const programs = await Promise.all([start(url, 3), start(url, 3)])
    for (const program of programs) {
      expect(await program.answer()).toEqual({ texts: ['first\n', 'first\n', 'first\n'] })
      await program.finish()
    }
    expect(await mirrors()).toHaveLength(1)
  })

  it('are not held up by one that was killed in the middle of a fetch', async () => {
    const remote = await remoteWith(files)
    let reached = () => {}
    const halfway = new Promise<void>((resolve) => {
      reached = resolve
    })
    let release = () => {}
    remote.duringFetch(() => {
      reached()
      return new Promise((resolve) => {
        release = resolve
      })
    })
    const program = await start(remote.url, 1)
    await halfway
    const tree = await descendants(program.pid)
    expect(tree.length).toBeGreaterThan(0)
    for (const pid of tree) process.kill(pid, 'SIGKILL')
    await program.kill('SIGKILL')
    expect(await read(remote.url)).toBe('first\n')
    release()
  })
})

it('takes no password along to where a host redirects', async () => {
  const account = { username: 'bot', password: 'hunter2' }
  const elsewhere = await remoteWith(files)
  const seen: (string | undefined)[] = []
  const host = createServer(({ url, headers }, response) => {
    seen.push(headers.authorization)
    response.writeHead(302, { location: `http://${elsewhere.host}${url}` }).end()
  }).listen(0, '127.0.0.1')
  await once(host, 'listening')
  onTestFinished(() => void host.close())
  const name = `127.0.0.1:${(host.address() as AddressInfo).port}`
  const credentials = [{ host: name, ...account }]
  const url = `http://${name}/remote.git`
  await expect(read(url, { credentials })).rejects.toThrow(/give its new address as repo_url/)
  expect(seen[0]).toMatch(/^Basic /)
  expect(elsewhere.authorizations).toEqual([])
  expect(await read(url)).toBe('first\n')
})

it('writes a password down nowhere while a fetch lasts', async () => {
  const account = { username: 'bot', password: 'hunter2-hunter2' }
  const basic = Buffer.from(`${account.username}:${account.password}`).toString('base64')
  const remote = await remoteWith(files, account)
  let seen = ''
  remote.duringFetch(async () => {
    seen = `${await commandLines()}\n${await allTextBelow(worker)}`
  })
  await read(remote.url, { credentials: [{ host: remote.host, ...account }] })
  expect(seen).toContain(`git-remote-http\0${remote.url}`)
  expect(seen).toMatch(/devgodzilla-mirrors-\S*\/config/)
  for (const secret of [account.password, basic]) expect(seen.includes(secret)).toBe(false)
  expect((await allTextBelow(worker)).includes(basic)).toBe(false)
})

async function descendants(pid: number): Promise<number[]> {
  const children = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8').catch(() => '')
  const pids = children.split(' ').filter(Boolean).map(Number)
  return [...pids, ...(await Promise.all(pids.map(descendants))).flat()]
}

async function commandLines(): Promise<string> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name))
  const read = (pid: string) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')
  return (await Promise.all(pids.map(read))).join('\n')
}

async function allTextBelow(folder: string): Promise<string> {
  const found = await readdir(folder, { recursive: true, withFileTypes: true })
  const texts = found.map(async (entry) => {
    const file = join(entry.parentPath, entry.name)
    return entry.isFile() ? `${file}\n${await readFile(file, 'latin1').catch(() => '')}` : ''
  })
  return (await Promise.all(texts)).join('\n')
}
