import { setTimeout as sleep } from 'node:timers/promises'
import { killPostgres, type Launched, type LaunchOptions, launch } from './product.ts'
import type { Random } from './random.ts'

export interface KillerOptions {
  kills: number
  random: Random
  /** Options of the next start: ports change now and then. */
  next(): Promise<LaunchOptions>
  /** Told after each kill. */
  onKill(done: number): void
  /** Told right before a Postgres is killed, and again when it is. */
  onPostgres(): void
  /** True ends the killing early: something was found. */
  enough(): boolean
}

export interface Killed {
  kills: number
  duringStart: number
  withPostgres: number
  /** From spawning it until it said that it was ready (ms). */
  readyAfter: number[]
  /** What went wrong with the process itself. */
  problems: string[]
}

/** What it takes for a start that is not ready to be stuck (ms). */
const longestStart = 60_000

/**
 * Starts the product and kills its whole group with -9, over and over: at any moment of its start
 * or of its work, and in one of six cases its Postgres as well.
 */
export async function keepKilling(options: KillerOptions): Promise<Killed> {
  const { random } = options
  const killed: Killed = {
    kills: 0,
    duringStart: 0,
    withPostgres: 0,
    readyAfter: [],
    problems: [],
  }
  while (killed.kills < options.kills && !options.enough()) {
    const { dataDir, ...rest } = await options.next()
    const began = Date.now()
    const launched = launch({ dataDir, ...rest })
    const early = random.chance(0.25)
    if (early) {
      await Promise.race([
        sleep(random.between(10, 900), undefined, { ref: false }),
        launched.ended,
      ])
    } else {
      const end = await Promise.race([
        launched.ready.then(
          () => undefined,
          (error: Error) => error.message,
        ),
        sleep(longestStart, 'it was not ready within a minute', { ref: false }),
      ])
      if (end !== undefined) killed.problems.push(`start ${killed.kills + 1}: ${end}`)
      else killed.readyAfter.push(Date.now() - began)
      await Promise.race([sleep(lifeOf(random), undefined, { ref: false }), launched.ended])
    }
    const withPostgres = random.chance(1 / 6)
    await kill(launched, dataDir, withPostgres, random, options.onPostgres)
    killed.kills += 1
    if (early) killed.duringStart += 1
    if (withPostgres) killed.withPostgres += 1
    else killed.problems.push(...complaintsOf(launched))
    if ((await launched.ended).signal !== 'SIGKILL') {
      killed.problems.push(`start ${killed.kills} ended by itself: ${launched.said().slice(-2000)}`)
    }
    options.onKill(killed.kills)
  }
  return killed
}

async function kill(
  launched: Launched,
  dataDir: string,
  withPostgres: boolean,
  random: Random,
  onPostgres: () => void,
): Promise<void> {
  const postgresFirst = random.chance(0.5)
  if (withPostgres && postgresFirst) {
    onPostgres()
    await killPostgres(dataDir)
    await sleep(random.between(0, 50))
  }
  await launched.kill()
  if (withPostgres) {
    if (!postgresFirst) await killPostgres(dataDir)
    onPostgres()
  }
}

/** How long a product that is ready may live (ms): mostly short, at times long enough for a flow. */
const lifeOf = (random: Random) => Math.round(20 + 3000 * random.next() ** 2)

/** Errors in the log. Warnings are the product's way of saying that it is coping. */
export function complaintsOf(launched: Launched): string[] {
  return launched
    .said()
    .split('\n')
    .filter((line) => /"level":(50|60)\b/.test(line) || /^(?!\{)\S/.test(line))
    .map((line) => `the log says ${line.slice(0, 1000)}`)
}
