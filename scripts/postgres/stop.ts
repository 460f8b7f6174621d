import { setTimeout as sleep } from 'node:timers/promises'
import { unlessCode } from './error.ts'
import { runningPostmaster } from './postmaster.ts'

/** How long each way of asking is given (ms): fast (rolls back, writes a checkpoint), immediate. */
const STAGES: readonly Stage[] = [
  ['SIGINT', 6_000],
  ['SIGQUIT', 2_000],
  ['SIGKILL', 1_000],
]
type Stage = readonly ['SIGINT' | 'SIGQUIT' | 'SIGKILL', patience: number]

/** Ends the server of a cluster and waits until it is gone. */
export async function stopServer(pgdata: string, stages = STAGES): Promise<void> {
  const server = await runningPostmaster(pgdata)
  if (!server) return
  for (const [signal, patience] of stages) {
    send(server.pid, signal)
    const deadline = performance.now() + patience
    while (performance.now() < deadline) {
      if ((await runningPostmaster(pgdata))?.pid !== server.pid) return
      await sleep(10)
    }
  }
  throw new Error(`Postgres (process ${server.pid}) did not end.`)
}

/** For a server that no longer answers: no checkpoint, the next start recovers from the log. */
export function stopSilentServer(pgdata: string): Promise<void> {
  return stopServer(pgdata, STAGES.slice(1))
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch (error) {
    unlessCode('ESRCH')(error)
  }
}
