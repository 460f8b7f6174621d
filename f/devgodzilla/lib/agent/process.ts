import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { lineReader } from './line_reader.ts'
import { reaperOf } from './reaper.ts'
import type { AgentTask, CheckedConfig } from './types.ts'

export interface ProcessOrder {
  argv: string[]
  folder: string
  /** What stands on its standard input. */
  input: string
  environment: Record<string, string>
  name: string
  timeout_seconds: number
  silence_seconds: number
}

export type ProcessEnd =
  | { reason: 'exit'; code: number | null; how: string }
  | { reason: 'timeout' | 'silence' | 'cancelled' | 'not_installed'; message: string }

/** How long a program may take to leave in order before it is killed, in milliseconds. */
const grace = 2000

/** The order for a task; the resource may shorten its time, never lengthen it. */
export function orderFor(
  config: CheckedConfig,
  task: AgentTask,
  argv: string[],
  environment: Record<string, string>,
): ProcessOrder {
  return {
    argv,
    folder: task.folder,
    input: task.prompt,
    environment,
    name: task.name,
    timeout_seconds: Math.min(task.timeout_seconds, config.timeout_seconds ?? Infinity),
    silence_seconds: config.silence_seconds ?? 900,
  }
}

/**
 * Runs a program in a process group of its own until it ends, is cancelled, or has taken too long
 * or been silent too long. What it started and left is dead afterwards, whatever it did to hide:
 * its processes carry a mark in their environment, or are at work in its folder.
 */
export async function runProcess(
  order: ProcessOrder,
  hear: (stream: 'stdout' | 'stderr', line: string) => void,
  signal?: AbortSignal,
): Promise<ProcessEnd> {
  const [program = '', ...args] = order.argv
  if (signal?.aborted) return { reason: 'cancelled', message: `${program} was not started` }
  const mark = `${order.name.replace(/[^\w./-]/g, '_')}#${randomUUID()}`
  const child = spawn(program, args, {
    cwd: order.folder,
    env: { ...order.environment, DEVGODZILLA_AGENT: mark },
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  const started = await new Promise<Error | undefined>((resolve) => {
    child.once('spawn', () => resolve(undefined))
    child.once('error', resolve)
  })
  if (started || child.pid === undefined) return notStarted(program, started)
  const reaper = reaperOf(child.pid, `DEVGODZILLA_AGENT=${mark}`, order.folder)
  const closed = new Promise<void>((resolve) => child.once('close', () => resolve()))

  const end = await new Promise<ProcessEnd>((resolve) => {
    let stopped: ProcessEnd | undefined
    let killing: NodeJS.Timeout | undefined
    const stop = (why: ProcessEnd) => {
      stopped ??= why
      if (killing) return
      signalGroup(child.pid, 'SIGTERM')
      killing = setTimeout(() => signalGroup(child.pid, 'SIGKILL'), grace)
    }
    const cancel = () => stop({ reason: 'cancelled', message: `${program} was cancelled` })
    const limit = `${order.timeout_seconds} s`
    const timer = after(order.timeout_seconds, () =>
      stop({ reason: 'timeout', message: `${program} took longer than ${limit}, and was stopped` }),
    )
    const quiet = `${order.silence_seconds} s`
    const silence = after(order.silence_seconds, () =>
      stop({ reason: 'silence', message: `${program} said nothing for ${quiet}, and was stopped` }),
    )
    for (const stream of ['stdout', 'stderr'] as const) {
      const read = lineReader((line) => hear(stream, line))
      child[stream].on('data', (chunk: Buffer) => {
        silence.refresh()
        read.add(chunk)
      })
      child[stream].once('close', () => read.end())
    }
    // A program need not read its input.
    child.stdin.on('error', () => undefined)
    child.stdin.end(order.input)
    signal?.addEventListener('abort', cancel, { once: true })
    child.once('exit', (code, killed) => {
      for (const each of [timer, silence, killing]) clearTimeout(each)
      signal?.removeEventListener('abort', cancel)
      const how = killed ? `signal ${killed}` : `exit code ${code}`
      resolve(stopped ?? { reason: 'exit', code, how })
    })
  })
  await reaper.reap()
  // Nobody of its own can hold its output open any more; what a stranger holds is not waited for.
  await Promise.race([closed, new Promise((resolve) => setTimeout(resolve, 1000).unref())])
  child.stdout.destroy()
  child.stderr.destroy()
  return end
}

function signalGroup(leader: number | undefined, signal: NodeJS.Signals): void {
  if (leader === undefined) return
  try {
    process.kill(-leader, signal)
  } catch (error) {
    // It was faster.
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error
  }
}

/** A longer delay than setTimeout knows would fire at once. */
const after = (seconds: number, act: () => void) =>
  setTimeout(act, Math.min(seconds * 1000, 2 ** 31 - 1))

function notStarted(program: string, error: Error | undefined): ProcessEnd {
  const missing = error && 'code' in error && error.code === 'ENOENT'
  return {
    reason: 'not_installed',
    message: missing
      ? `${program} is not installed where this worker looks (PATH): install it there, or choose another kind in the resource f/devgodzilla/agent`
      : `${program} cannot be started: ${error?.message ?? 'no process'}`,
  }
}
