import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort } from '../postgres/free-port.ts'
import { type Figure, figure, rounded } from './figure.ts'
import { inTurns, median, percentile, timed } from './measure.ts'
import { root } from './product.ts'
import type { World } from './world.ts'

/** `npm start` until `/ready` answers, on a data folder that is there and on an empty one. */
export async function measureStart(world: World): Promise<Figure[]> {
  const dataDir = await world.folder('start')
  const first = [await start(dataDir, world.signal)]
  for (let more = 0; more < 2; more++)
    first.push(await start(await world.folder('first-start'), world.signal))
  const times = await inTurns(
    { rounds: 7, warmUp: 1 },
    () => start(dataDir, world.signal),
    () => timed(bareNode),
  )
  const shared = { baseline: median(times.bare) }
  return [
    figure({
      name: 'start',
      value: median(times.ours),
      bound: { value: 3000 },
      ...shared,
      detail: { rounds: times.ours.length, slowest: rounded(percentile(times.ours, 100)) },
    }),
    figure({
      name: 'first_start',
      value: median(first),
      ...shared,
      detail: { rounds: first.length, slowest: rounded(percentile(first, 100)) },
    }),
  ]
}

/** Starts it, waits until it is ready, stops it again. */
async function start(dataDir: string, signal: AbortSignal): Promise<number> {
  const port = await freePort()
  const { DATABASE_URL: _, ...env } = process.env
  const began = performance.now()
  const child = spawn('npm', ['start', '--', '--json', `--port=${port}`, '--windmill-port=0'], {
    cwd: root,
    env: { ...env, DEVGODZILLA_DATA_DIR: dataDir },
    stdio: ['ignore', 'ignore', 'inherit'],
    // A group of its own, so that the signal reaches all of it.
    detached: true,
  })
  const ended = once(child, 'exit')
  try {
    await ready(port, () => signal.aborted || child.exitCode !== null || child.signalCode !== null)
    return performance.now() - began
  } finally {
    if (child.pid && child.exitCode === null) process.kill(-child.pid, 'SIGINT')
    await ended
  }
}

async function ready(port: number, hasEnded: () => boolean): Promise<void> {
  for (;;) {
    const answer = await fetch(`http://127.0.0.1:${port}/ready`).catch(notListening)
    if (answer?.ok) return
    if (hasEnded()) throw new Error('npm start ended before it was ready; it says why above')
    await sleep(5)
  }
}

/** Until it listens, there is nobody to answer. */
function notListening(error: unknown): undefined {
  const { cause } = error as { cause?: { code?: string } }
  if (cause?.code !== 'ECONNREFUSED' && cause?.code !== 'ECONNRESET') throw error
}

async function bareNode(): Promise<void> {
  await once(spawn(process.execPath, ['-e', '0']), 'exit')
}
