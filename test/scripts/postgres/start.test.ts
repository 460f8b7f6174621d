import { spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  chmod,
  chown,
  cp,
  lstat,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  stat,
  writeFile,
} from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import postgres from 'postgres'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { canReach, runAs, serverAccount } from '../../../scripts/postgres/account.ts'
import { type Installation, installedPostgres } from '../../../scripts/postgres/binaries.ts'
import { clusterIn } from '../../../scripts/postgres/cluster.ts'
import { runningPostmaster } from '../../../scripts/postgres/postmaster.ts'
import { type EmbeddedPostgres, startPostgres } from '../../../scripts/postgres/start.ts'
import { stopServer } from '../../../scripts/postgres/stop.ts'
import { memoryFolder } from '../../support/memory-folder.ts'
import { bundleProgram, type Program, runProgram } from '../../support/program.ts'

type Answer = Pick<EmbeddedPostgres, 'url' | 'pid' | 'reused'>

let folder: string
let data: string
let program: string
let installation: Installation
let dataDir: string
let count = 0
const programs: Program[] = []

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'start-postgres-'))
  data = await mkdtemp(join(await memoryFolder(), 'start-postgres-'))
  // Others may pass through them: the tests lock what they mean to lock.
  for (const path of [folder, data]) await chmod(path, 0o711)
  program = await bundleProgram('start-postgres', folder)
  installation = { ...(await installedPostgres()), copies: join(folder, 'copies') }
})
afterEach(async () => {
  for (const running of programs.splice(0)) await running.kill('SIGKILL')
  await stopServer(clusterIn(dataDir).pgdata)
})
afterAll(async () => {
  for (const path of [folder, data]) await rm(path, { recursive: true, force: true })
})

function newDataDir(): string {
  count += 1
  dataDir = join(data, String(count), 'data')
  return dataDir
}

function server() {
  return runningPostmaster(clusterIn(dataDir).pgdata)
}

function start(from = installation): Promise<EmbeddedPostgres> {
  return startPostgres({ dataDir, installation: from, settings: { fsync: 'off' }, log: () => {} })
}

function startElsewhere(from = installation, file = program, account = {}): Program {
  const running = runProgram(file, [JSON.stringify({ dataDir, installation: from })], account)
  programs.push(running)
  return running
}

/** The installed Postgres as npm unpacks it where it runs no scripts: without links. */
async function copyInstallation(to: string): Promise<Installation> {
  const native = join(to, 'native')
  await cp(installation.native, native, {
    recursive: true,
    filter: async (path) => !path.endsWith('.a') && !(await lstat(path)).isSymbolicLink(),
  })
  return { ...installation, native, copies: join(to, 'copies') }
}

async function query(url: string, text: string): Promise<readonly Record<string, unknown>[]> {
  const sql = postgres(url, { max: 1 })
  try {
    return await sql.unsafe(text)
  } finally {
    await sql.end()
  }
}

async function processGroup(pid: number): Promise<number> {
  const fields = (await readFile(`/proc/${pid}/stat`, 'utf8')).split(') ')[1]?.split(' ')
  return Number(fields?.[2])
}

describe('startPostgres', () => {
  it('makes a cluster, keeps the data, and stops', async () => {
    newDataDir()
    const first = await start()
    expect(first.reused).toBe(false)
    await query(first.url, 'create table kept as select 42 as n')
    await Promise.all([first.stop(), first.stop()])
    expect(await server()).toBe(undefined)

    const second = await start()
    expect(await query(second.url, 'select n from kept')).toEqual([{ n: 42 }])
    await second.stop()
  })

  it('lets in nobody without the password, and shows the password to nobody', async () => {
    newDataDir()
    const { url, pid, stop } = await start()
    const { passwordFile, pgdata } = clusterIn(dataDir)
    const { password } = new URL(url)
    for (const wrong of ['', 'guess']) {
      await expect(
        query(Object.assign(new URL(url), { password: wrong }).href, ''),
      ).rejects.toThrow(/password authentication failed|no password/i)
    }
    for (const path of [passwordFile, pgdata]) expect((await stat(path)).mode & 0o077).toBe(0)
    expect(await readFile(passwordFile, 'utf8')).toContain(password)
    const commandLine = await readFile(`/proc/${pid}/cmdline`, 'utf8')
    expect(commandLine).toContain('listen_addresses=127.0.0.1')
    expect(commandLine).not.toContain(password)
    expect(await processGroup(pid), 'Ctrl-C in our terminal must not reach it').toBe(pid)
    await stop()
  })

  it('goes on with the server that a killed process left', async () => {
    newDataDir()
    const killed = startElsewhere()
    const before = await killed.answer<Answer>()
    await killed.kill('SIGKILL')
    expect((await server())?.pid).toBe(before.pid)

    const after = await start()
    expect(after).toMatchObject({ url: before.url, pid: before.pid, reused: true })
    await after.stop()
    expect(await server()).toBe(undefined)
  })

  it('recovers after the server itself was killed', async () => {
    newDataDir()
    const killed = startElsewhere()
    const before = await killed.answer<Answer>()
    await query(before.url, 'create table kept as select 42 as n')
    process.kill(before.pid, 'SIGKILL')
    await killed.kill('SIGKILL')

    const after = await start()
    expect(after.reused).toBe(false)
    expect(await query(after.url, 'select n from kept')).toEqual([{ n: 42 }])
    await after.stop()
  })

  it('serves several that start at once, and stays until the last has gone', async () => {
    newDataDir()
    const both = [startElsewhere(), startElsewhere()] as const
    const [one, two] = await Promise.all([both[0].answer<Answer>(), both[1].answer<Answer>()])
    expect(one.pid).toBe(two.pid)
    expect([one.reused, two.reused].sort()).toEqual([false, true])
    expect(await readdir(dataDir)).toEqual(['postgres'])

    await both[0].finish()
    expect(await query(two.url, 'select 1 as n')).toEqual([{ n: 1 }])
    await both[1].finish()
    expect(await server()).toBe(undefined)
  })

  it('starts over after being killed while making the cluster', async () => {
    newDataDir()
    for (const moment of [150, 300, 450]) {
      const killed = startElsewhere()
      await sleep(moment)
      await killed.kill('SIGKILL')
    }
    const { url, stop } = await start()
    expect(await query(url, 'select 1 as n')).toEqual([{ n: 1 }])
    expect(await readdir(dataDir)).toEqual(['postgres'])
    await stop()
  })

  it('is not fooled by a lock file that names a process of somebody else', async () => {
    newDataDir()
    await (await start()).stop()
    const { pgdata } = clusterIn(dataDir)
    const account = await serverAccount(pgdata)
    const stranger = spawn('sleep', ['60'], { ...runAs(account), stdio: 'ignore' })
    await once(stranger, 'spawn')
    const lock = join(pgdata, 'postmaster.pid')
    await writeFile(lock, `${stranger.pid}\n${pgdata}\n1\n5432\n\n127.0.0.1\n  1  1\nready   \n`)
    await chown(lock, account.uid, account.gid)

    const { reused, pid, stop } = await start()
    expect(reused).toBe(false)
    expect(stranger.exitCode ?? stranger.signalCode).toBe(null)
    expect((await server())?.pid).toBe(pid)
    await stop()
    stranger.kill()
  })

  it('mends an empty lock file', async () => {
    newDataDir()
    await (await start()).stop()
    await writeFile(join(clusterIn(dataDir).pgdata, 'postmaster.pid'), '')
    const { reused, stop } = await start()
    expect(reused).toBe(false)
    await stop()
  })

  it('says so when another version of Postgres wrote the data', async () => {
    newDataDir()
    await (await start()).stop()
    await writeFile(join(clusterIn(dataDir).pgdata, 'PG_VERSION'), '17\n')
    await expect(start()).rejects.toThrow(/written by Postgres 17, .* DEVGODZILLA_DATA_DIR/)
  })
})

// initdb asks for an account that exists: that of `daemon`, as any would do.
const USER = { uid: 1, gid: 1, switched: true }
const userHasNode = await canReach(USER, process.execPath)

describe.skipIf(process.getuid?.() !== 0)('startPostgres, as root (skipped for others)', () => {
  it('works in a data folder below one that only root may enter', async () => {
    newDataDir()
    const locked = join(data, String(count))
    await mkdir(locked, { mode: 0o700 })
    const { url, pid, stop } = await start()
    expect(await query(url, 'select 1 as n')).toEqual([{ n: 1 }])
    expect((await stat(`/proc/${pid}`)).uid).not.toBe(0)
    expect((await stat(locked)).mode & 0o777).toBe(0o700)
    await stop()
  })

  it('copies binaries that lie below such a folder, once', async () => {
    newDataDir()
    const locked = join(folder, 'locked')
    await mkdir(locked, { mode: 0o700 })
    const from = { ...(await copyInstallation(locked)), copies: join(folder, 'open') }

    await (await start(from)).stop()
    const copied = await stat(join(from.copies, from.key))
    await (await start(from)).stop()
    expect((await stat(join(from.copies, from.key))).ino).toBe(copied.ino)
    expect(await readdir(from.copies)).toEqual([from.key])
    expect((await stat(locked)).mode & 0o777).toBe(0o700)
  })

  it('adds the links that an install without scripts leaves out', async () => {
    newDataDir()
    const from = await copyInstallation(join(folder, 'unlinked'))
    await (await start(from)).stop()
    expect((await lstat(join(from.native, 'lib', 'libpq.so.5'))).isSymbolicLink()).toBe(true)
  })

  it.skipIf(!userHasNode)(
    'works for a user in a home nobody else can enter, from binaries that are not theirs',
    async () => {
      const home = join(folder, 'home')
      await mkdir(home, { mode: 0o700 })
      const file = await bundleProgram('start-postgres', home)
      for (const path of [home, file]) await chown(path, USER.uid, USER.gid)
      dataDir = join(home, '.local', 'share', 'devgodzilla')
      const from = await copyInstallation(join(folder, 'shared'))

      const running = startElsewhere(from, file, runAs(USER))
      const { url, pid } = await running.answer<Answer>()
      expect(await query(url, 'select 1 as n')).toEqual([{ n: 1 }])
      expect((await stat(`/proc/${pid}`)).uid).toBe(USER.uid)
      await running.finish()
      expect(await server()).toBe(undefined)
      expect((await readdir(dataDir)).sort()).toEqual(['postgres', from.key])
    },
  )
})
