import { existsSync } from 'node:fs'
import { chmod, chown, mkdir, mkdtemp, rm, stat } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { execa } from 'execa'
import { afterEach, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { askDatabase } from '../../scripts/chaos/invariants.ts'
import {
  databaseUrlOf,
  killPostgres,
  type Launched,
  type LaunchOptions,
  launch,
  stopPostgres,
} from '../../scripts/chaos/product.ts'
import { addressFile } from '../../scripts/connect/address.ts'
import { canReach } from '../../scripts/postgres/account.ts'
import { codeOf } from '../../scripts/postgres/error.ts'
import {
  buildProduct,
  dataFolder,
  expectPromisesKept,
  type Product,
  reconciling,
  startProduct,
} from '../support/product.ts'

beforeAll(buildProduct, 60_000)

const root = fileURLToPath(new URL('../../', import.meta.url))
const bin = join(root, 'scripts/bin.mjs')

const launched: Launched[] = []
afterEach(async () => {
  for (const each of launched.splice(0)) await each.kill()
})

async function freshData(): Promise<string> {
  const { dataDir, remove } = await dataFolder()
  onTestFinished(remove)
  return dataDir
}

function start(options: LaunchOptions): Launched {
  const started = launch(options)
  launched.push(started)
  return started
}

async function startReady(options: LaunchOptions): Promise<Product> {
  const product = await startProduct(options)
  launched.push(product.launched)
  onTestFinished(() => product.sql.end({ timeout: 1 }))
  return product
}

/** What every first start leaves, once, however often it was cut short. */
async function expectOneSample({ sql, data_dir }: Product): Promise<void> {
  await expectPromisesKept(sql)
  const [counted] = await sql`
    select (select count(*)::int from projects) as projects,
      (select count(*)::int from sprints) as sprints,
      (select count(*)::int from specs) as specs,
      (select count(*)::int from protocol_runs) as runs,
      (select count(*)::int from step_runs) as steps,
      (select count(*)::int from tasks) as tasks,
      (select count(*)::int from events where type in ('step.started', 'step.completed')) as moves`
  expect(counted).toEqual({
    ...{ projects: 1, sprints: 5, specs: 1, runs: 1, steps: 5, tasks: 27, moves: 3 },
  })
  expect(existsSync(join(data_dir, 'sample.unfinished'))).toBe(false)
}

describe('starting', () => {
  it('sets up the sample, needs no terminal, stops on SIGINT, and is fast the second time', async () => {
    const dataDir = await freshData()
    const first = await startReady({ dataDir })
    expect(first.console).toMatch(/\/console\/projects\/sample\/sprints\/SAMPLE-S1#login=dgz_/)
    expect((await fetch(`${first.url}/ready`)).status).toBe(200)
    await expectOneSample(first)
    await first.windmill('POST', reconciling, { enabled: true })
    await first.sql`
      update windmill.schedules set next_at = now() where path = 'f/devgodzilla/reconcile_specs'`
    await first.windmill('POST', reconciling, { enabled: true })
    // Not by the clock as well.
    await first.windmill('POST', reconciling, { enabled: false })
    await expectOneSample(first)
    const runs = await first.sql`
      select success, result from windmill.jobs
      where trigger is not null and path = 'f/devgodzilla/reconcile_specs'`
    expect(runs).toEqual([
      { success: true, result: expect.objectContaining({ looked_at: 1, imported: [] }) },
    ])

    const began = performance.now()
    // A terminal and npm may each send one: a second signal within a second is the same one.
    const ending = first.stop()
    await sleep(50)
    first.launched.signal('SIGINT')
    expect(await ending).toEqual({ code: 0, signal: null })
    expect(performance.now() - began).toBeLessThan(10_000)
    expect(first.launched.said()).toBe('')
    expect(await killPostgres(dataDir), 'Postgres has ended as well').toBe(false)

    const again = performance.now()
    const second = await startReady({ dataDir })
    console.log(`ready on an existing folder after ${Math.round(performance.now() - again)} ms`)
    expect(second.console).not.toContain('sample')
    await expectOneSample(second)
    const env = { HOME: dataDir, PATH: process.env.PATH, DEVGODZILLA_DATA_DIR: dataDir }
    const list = await execa(process.execPath, [bin, 'sprint', 'list'], { env, extendEnv: false })
    expect(list.stdout, 'a command finds what runs on its data folder').toContain('SAMPLE-S1')
    second.launched.signal('SIGTERM')
    expect(await second.launched.ended).toEqual({ code: 0, signal: null })
    expect(existsSync(addressFile(dataDir))).toBe(false)
  }, 60_000)

  it('says so when it is running already, and leaves the first one alone', async () => {
    const dataDir = await freshData()
    const two = [start({ dataDir }), start({ dataDir })]
    const results = await Promise.allSettled(two.map((each) => each.ready))
    const winner = results.findIndex((result) => result.status === 'fulfilled')
    const loser = two[1 - winner]
    expect(results.map((result) => result.status).sort()).toEqual(['fulfilled', 'rejected'])
    expect(await loser?.ended).toEqual({ code: 1, signal: null })
    expect(loser?.said()).toMatch(/^DevGodzilla is already running on the data folder /)

    const third = start({ dataDir })
    expect(await third.ended).toEqual({ code: 1, signal: null })
    const { url } = await (two[winner] as Launched).ready
    expect(third.said()).toContain(`at ${url}. Stop it first, or give this one a folder`)
    expect((await fetch(`${url}/ready`)).status).toBe(200)
  }, 60_000)

  it.each([
    { option: 'port', setting: 'DEVGODZILLA_PORT', flag: '--port' },
    { option: 'windmillPort', setting: 'DEVGODZILLA_WINDMILL_PORT', flag: '--windmill-port' },
  ])(
    'names $setting when that port is taken, and takes down what was up',
    async (given) => {
      const dataDir = await freshData()
      const other = createServer().listen(0, '127.0.0.1')
      onTestFinished(() => void other.close())
      await new Promise((resolve) => other.once('listening', resolve))
      const { port } = other.address() as { port: number }
      const refused = start({ dataDir, [given.option]: port })
      expect(await refused.ended).toEqual({ code: 1, signal: null })
      expect(refused.said()).toBe(
        `Port ${port} is taken by another program. Stop that one, or choose another port with ${given.setting} (or ${given.flag}).\n`,
      )
      expect(await killPostgres(dataDir), 'no Postgres was left behind').toBe(false)
    },
    60_000,
  )

  it('names the setting that cannot be used', async () => {
    const dataDir = await freshData()
    const refused = start({ dataDir, env: { DEVGODZILLA_HOST: '0.0.0.0' } })
    expect(await refused.ended).toEqual({ code: 1, signal: null })
    expect(refused.said()).toContain(
      'DEVGODZILLA_HOST: listening on 0.0.0.0 lets other machines in',
    )
  })
})

/** Resolves as soon as the database of a starting product holds that many events. */
async function happened(dataDir: string, events: number): Promise<void> {
  const sql = askDatabase(await databaseUrlOf(dataDir))
  try {
    for (;;) {
      const told = await sql<{ n: number }[]>`select count(*) as n from events`.catch(notYet)
      if ((told[0]?.n ?? 0) >= events) return
      await sleep(2)
    }
  } finally {
    await sql.end({ timeout: 1 })
  }
}

/** There is no database, no table, or no server that lets anybody in. */
function notYet(error: unknown): { n: number }[] {
  const passing = ['3D000', '42P01', '57P03', 'ECONNREFUSED', 'ECONNRESET', 'CONNECTION_CLOSED']
  if (passing.includes(codeOf(error) ?? '')) return []
  throw error
}

describe('after a kill -9', () => {
  it('takes up the Postgres it left, with everything in it', async () => {
    const dataDir = await freshData()
    const first = await startReady({ dataDir })
    const [before] = await first.sql`select pg_postmaster_start_time() as started`
    const made = await first.api('POST', '/projects', { slug: 'kept', name: 'Kept' })
    expect(made.status).toBe(201)
    await first.launched.kill()

    const second = await startReady({ dataDir })
    expect(await second.sql`select pg_postmaster_start_time() as started`).toEqual([before])
    expect((await second.api('GET', '/projects?slug=kept')).body.items).toHaveLength(1)
    expect(await second.stop()).toEqual({ code: 0, signal: null })
    expect(await killPostgres(dataDir), 'Postgres has ended with its last user').toBe(false)
  }, 60_000)

  it('recovers the data when Postgres was killed as well', async () => {
    const dataDir = await freshData()
    const first = await startReady({ dataDir })
    await first.api('POST', '/projects', { slug: 'kept', name: 'Kept' })
    expect(await killPostgres(dataDir)).toBe(true)
    await first.launched.kill()
    const second = await startReady({ dataDir })
    expect((await second.api('GET', '/projects?slug=kept')).body.items).toHaveLength(1)
  }, 60_000)

  it('ends, saying so, when Postgres alone was killed, and comes back with everything', async () => {
    const dataDir = await freshData()
    const first = await startReady({ dataDir })
    await first.api('POST', '/projects', { slug: 'kept', name: 'Kept' })
    await killPostgres(dataDir)
    expect(await first.launched.ended).toEqual({ code: 1, signal: null })
    expect(first.launched.said()).toContain('Postgres has ended by itself; its log is in ')
    const second = await startReady({ dataDir })
    expect((await second.api('GET', '/projects?slug=kept')).body.items).toHaveLength(1)
  }, 60_000)

  it('finishes a first start that was cut short at any point: one sample, nothing twice', async () => {
    const dataDir = await freshData()
    // First while Postgres is made and comes up, then as soon as the next few things have happened.
    for (const delay of [30, 200, 500]) {
      const cut = start({ dataDir })
      await Promise.race([sleep(delay), cut.ended])
      await cut.kill()
    }
    for (const events of [1, 3, 14, 16, 19, 24, 30, 45, 60, 75]) {
      const cut = start({ dataDir })
      await Promise.race([happened(dataDir, events), cut.ended])
      expect(cut.said(), 'a start after a cut one has nothing to complain of').toBe('')
      await cut.kill()
    }
    await expectOneSample(await startReady({ dataDir }))
  }, 120_000)
})

// Postgres asks for an account that exists: that of `daemon`, as any would do.
const user = { uid: 1, gid: 1 }
const userCanRunIt =
  (await canReach({ ...user, switched: true }, join(root, 'dist', 'it'))) &&
  (await canReach({ ...user, switched: true }, process.execPath))

describe.skipIf(process.getuid?.() !== 0)('as root (skipped for others)', () => {
  async function lockedFolder(): Promise<string> {
    const parent = await mkdtemp(join(tmpdir(), 'devgodzilla-locked-'))
    onTestFinished(() => rm(parent, { recursive: true, force: true }))
    await chmod(parent, 0o711)
    const locked = join(parent, 'locked')
    await mkdir(locked, { mode: 0o700 })
    return locked
  }

  it('keeps its data below a folder that nobody else can enter', async () => {
    const locked = await lockedFolder()
    const dataDir = join(locked, 'deep', 'data')
    const product = await startReady({ dataDir })
    onTestFinished(() => stopPostgres(dataDir))
    await expectOneSample(product)
    expect((await stat(locked)).mode & 0o777).toBe(0o700)
    expect(await product.stop()).toEqual({ code: 0, signal: null })
  }, 60_000)

  it.skipIf(!userCanRunIt)(
    'runs for a user who has nothing but a home of their own',
    async () => {
      const home = await lockedFolder()
      await chown(home, user.uid, user.gid)
      const dataDir = join(home, '.local', 'share', 'devgodzilla')
      const env = { HOME: home, DEVGODZILLA_DATA_DIR: '', TMPDIR: home }
      const started = start({ dataDir: '', cwd: home, env, ...user })
      expect(await started.ready).toMatchObject({ data_dir: dataDir })
      onTestFinished(() => stopPostgres(dataDir))
      expect((await stat(dataDir)).uid).toBe(user.uid)
      const sql = askDatabase(await databaseUrlOf(dataDir))
      await expectPromisesKept(sql)
      await sql.end()
      started.signal('SIGINT')
      expect(await started.ended).toEqual({ code: 0, signal: null })
      expect(started.said()).toBe('')
    },
    60_000,
  )
})
