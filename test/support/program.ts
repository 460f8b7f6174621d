import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const PROGRAMS = fileURLToPath(new URL('./programs/', import.meta.url))

/** A running program of `programs/`. */
export type Program = {
  readonly pid: number
  /** The next line of its output as JSON; fails when that is an `error`, or there is none. */
  answer<T>(): Promise<T>
  kill(signal: NodeJS.Signals): Promise<void>
  /** Ends its input, and waits until it has ended by itself. */
  finish(): Promise<void>
}

/** Bundles a program into a folder, so that plain node runs it: no wrapper process to kill as well. */
export async function bundleProgram(name: string, folder: string): Promise<string> {
  await mkdir(folder, { recursive: true })
  const outfile = join(folder, `${name}.mjs`)
  await build({
    entryPoints: [join(PROGRAMS, `${name}.ts`)],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    logLevel: 'warning',
    // For the packages in it that still use require().
    banner: {
      js: `import { createRequire as requireFrom } from 'node:module'; const require = requireFrom(import.meta.url);`,
    },
  })
  return outfile
}

export function runProgram(
  file: string,
  args: readonly string[],
  options: { uid?: number; gid?: number; env?: NodeJS.ProcessEnv; cwd?: string } = {},
): Program {
  const child = spawn(process.execPath, [file, ...args], {
    ...options,
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  return {
    pid: child.pid ?? 0,
    async answer() {
      const { done, value } = await lines.next()
      if (done) throw new Error(`${file} ended (${child.exitCode}) without an answer`)
      const answer = JSON.parse(value)
      if (answer.error) throw new Error(answer.error)
      return answer
    },
    async kill(signal) {
      child.kill(signal)
      await ended(child)
    },
    async finish() {
      child.stdin.end()
      await ended(child)
    },
  }
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
}
