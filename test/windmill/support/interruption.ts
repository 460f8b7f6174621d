import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { Address } from './address.ts'

const PROGRAM = fileURLToPath(new URL('remove-folder.ts', import.meta.url))
const TSX = fileURLToPath(import.meta.resolve('tsx'))

/**
 * Ctrl-C ends a test run without its teardown, and what lies on somebody's server must not stay
 * there: another process takes it away, for this one is about to end.
 * @returns what ends the watch
 */
export function removedOnInterruption({ url, token, workspace }: Address, folder: string) {
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
  const forget = () => {
    for (const signal of signals) process.off(signal, interrupted)
  }
  const interrupted = (signal: NodeJS.Signals) => {
    forget()
    const named = {
      WINDMILL_BASE_URL: url,
      WINDMILL_TOKEN: token,
      WINDMILL_WORKSPACE: workspace,
    }
    const args = ['--import', TSX, PROGRAM, folder]
    spawn(process.execPath, args, {
      ...{ detached: true, stdio: 'ignore', env: { ...process.env, ...named } },
    }).unref()
    process.kill(process.pid, signal)
  }
  for (const signal of signals) process.on(signal, interrupted)
  return forget
}
