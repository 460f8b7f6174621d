import { randomBytes } from 'node:crypto'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import type postgres from 'postgres'
import { checkStory } from './check-story.ts'
import { clientOf, Unexpected, type Whereabouts } from './client.ts'
import { type Follower, followStream } from './follower.ts'
import { askDatabase, brokenPromises, settled } from './invariants.ts'
import { complaintsOf, type Killed, keepKilling } from './killer.ts'
import { databaseUrlOf, launch, stopPostgres } from './product.ts'
import { type Random, randomOf } from './random.ts'
import { fixedPort, openRepositories } from './repositories.ts'
import { type Told, tellStory } from './story.ts'

export interface ChaosOptions {
  kills: number
  seed: number
  /** An empty folder, for data and repositories; the caller removes it. */
  folder: string
  /** Stories told at the same time. */
  tellers?: number
  /** The product to run, if it is not the one this file belongs to. */
  home?: string
  say: (message: string) => void
  /** Ends the run early, tidily; what was killed by then is looked at. */
  signal?: AbortSignal
}

export interface ChaosReport {
  seed: number
  kills: number
  killsDuringStart: number
  killsOfPostgres: number
  stories: number
  requests: number
  requestsSentAgain: number
  events: number
  reconnects: number
  jobs: number
  jobsTakenUpAgain: number
  medianReadyMs: number
  seconds: number
  /** What was lost, doubled or wrong. Empty is what everybody hopes for. */
  problems: string[]
}

/** How long things may take to come to an end after the last kill (ms). */
const patience = 120_000
const perKill = 8_000

/**
 * Tells stories of the main job to a product that is killed over and over, then looks whether
 * everything that was acknowledged is there, once.
 */
export async function runChaos(options: ChaosOptions): Promise<ChaosReport> {
  const { kills, seed, folder, say, home } = options
  const began = Date.now()
  const random = randomOf(seed)
  const dataDir = join(folder, 'data')
  await mkdir(join(folder, 'repositories'))
  // What a killed flow leaves in it goes with the folder.
  const temporary = join(folder, 'tmp')
  await mkdir(temporary)
  const repositories = await openRepositories(join(folder, 'repositories'))
  const token = randomBytes(24).toString('base64url')
  const where = { port: await fixedPort(random), windmillPort: await fixedPort(random) }
  const whereabouts = (): Whereabouts => ({
    url: `http://127.0.0.1:${where.port}`,
    windmill: `http://127.0.0.1:${where.windmillPort}`,
    token,
  })
  const launchOptions = () => ({
    ...{ dataDir, ...where, env: { DEVGODZILLA_ADMIN_TOKEN: token, TMPDIR: temporary } },
    ...(home === undefined ? {} : { home }),
  })

  let postgresKilled = 0
  let deadline = began + patience + kills * perKill
  const client = clientOf(
    whereabouts,
    (since) => postgresKilled > since - 5_000,
    () => deadline,
    randomOf(random.between(0, 2 ** 31)),
  )
  const follower = followStream(whereabouts)
  const tellers = new Tellers(options.tellers ?? 3, (name, own) =>
    tellStory(name, client, repositories, own),
  )
  const quiet = client.turnOff('f/devgodzilla/reconcile_specs')
  // Whoever waits for it below hears of its failure.
  quiet.catch(() => {})
  tellers.begin(random)
  let last: ReturnType<typeof launch> | undefined
  try {
    const killed = await keepKilling({
      kills,
      random,
      async next() {
        if (random.chance(0.1)) where.port = await fixedPort(random)
        if (random.chance(0.1)) where.windmillPort = await fixedPort(random)
        return launchOptions()
      },
      onKill: (done) => {
        if (done % 10 === 0) say(`${done} of ${kills} kills, ${tellers.told.length} stories told`)
      },
      onPostgres: () => {
        postgresKilled = Date.now()
      },
      enough: () =>
        options.signal?.aborted === true || tellers.problems.length > 0 || Date.now() > deadline,
    })
    deadline = Date.now() + patience
    last = launch(launchOptions())
    await last.ready
    await quiet
    await tellers.end()
    const report = await check(dataDir, tellers, follower, killed)
    report.problems.push(...complaintsOf(last))
    last.signal('SIGINT')
    const { code } = await last.ended
    if (code !== 0) report.problems.push(`the last one ended with ${code}: ${last.said()}`)
    return {
      seed,
      ...report,
      requests: client.sent.requests,
      requestsSentAgain: client.sent.again,
      seconds: Math.round((Date.now() - began) / 1000),
    }
  } finally {
    tellers.stop()
    deadline = 0
    await follower.stop()
    await last?.kill()
    await stopPostgres(dataDir)
    repositories.close()
  }
}

type Tell = (name: string, random: Random) => Promise<Told>

/** Tell stories one after the other, several at a time, until they are told to end. */
class Tellers {
  readonly told: Told[] = []
  readonly problems: string[] = []
  readonly #count: number
  readonly #tell: Tell
  #stopping = false
  #working: Promise<void>[] = []

  constructor(count: number, tell: Tell) {
    this.#count = count
    this.#tell = tell
  }

  begin(random: Random): void {
    this.#working = Array.from({ length: this.#count }, (_, at) =>
      this.#work(`teller-${at + 1}`, randomOf(random.between(0, 2 ** 31))),
    )
  }

  stop(): void {
    this.#stopping = true
  }

  /** Waits until the stories that have begun are told. */
  async end(): Promise<void> {
    this.stop()
    await Promise.all(this.#working)
  }

  async #work(name: string, random: Random): Promise<void> {
    for (let nth = 1; !this.#stopping; nth++) {
      try {
        this.told.push(await this.#tell(`${name}-${nth}`, random))
      } catch (error) {
        const known = error instanceof Unexpected
        this.problems.push(`${name}-${nth}: ${known ? error.message : String(stackOf(error))}`)
        return
      }
    }
  }
}

const stackOf = (error: unknown) => (error instanceof Error ? error.stack : error)

type Checked = Omit<ChaosReport, 'seed' | 'requests' | 'requestsSentAgain' | 'seconds'>

async function check(
  dataDir: string,
  tellers: Tellers,
  follower: Follower,
  killed: Killed,
): Promise<Checked> {
  const sql = askDatabase(await databaseUrlOf(dataDir))
  try {
    await settled(sql, 30_000)
    const problems = [...killed.problems, ...tellers.problems, ...(await brokenPromises(sql))]
    for (const told of tellers.told) problems.push(...(await checkStory(sql, told)))
    const events = await sql<{ id: number }[]>`select id from events order by xid, id`
    problems.push(...(await checkStream(sql, follower)))
    const [jobs] = await sql<{ jobs: number; again: number }[]>`
      select count(*) as jobs, count(*) filter (where attempt > 1) as again from windmill.jobs`
    return {
      kills: killed.kills,
      killsDuringStart: killed.duringStart,
      killsOfPostgres: killed.withPostgres,
      stories: tellers.told.length,
      events: events.length,
      reconnects: follower.reconnects,
      jobs: jobs?.jobs ?? 0,
      jobsTakenUpAgain: jobs?.again ?? 0,
      medianReadyMs: median(killed.readyAfter),
      problems,
    }
  } finally {
    await sql.end({ timeout: 1 })
  }
}

/** Who follows the stream sees every event once, in order, however often it was cut off. */
async function checkStream(sql: postgres.Sql, follower: Follower): Promise<string[]> {
  const until = Date.now() + 5_000
  for (;;) {
    const stored = await sql<{ id: number }[]>`select id from events order by xid, id`
    const ids = stored.map(({ id }) => id)
    if (isDeepStrictEqual(ids, follower.seen)) return []
    if (Date.now() < until) {
      await new Promise((resolve) => setTimeout(resolve, 50))
      continue
    }
    const seen = new Set(follower.seen)
    const missed = ids.filter((id) => !seen.has(id))
    return [
      `the stream told ${follower.seen.length} events (${seen.size} different) of ${ids.length}; missed: ${missed.slice(0, 10)}`,
    ]
  }
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? 0
}
