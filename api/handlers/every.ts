import type { Logger } from 'pino'
import { outageLog } from '../services/outage-log.ts'

/** Does something now and again, never twice at once. Answers a function that stops it. */
export function every(
  milliseconds: number,
  what: string,
  log: Logger,
  work: () => Promise<void>,
): () => Promise<void> {
  const outcome = outageLog(log, what)
  let working: Promise<void> | null = null
  const timer = setInterval(() => {
    working ??= work()
      .then(outcome.worked, outcome.failed)
      .finally(() => {
        working = null
      })
  }, milliseconds)
  timer.unref()
  return async () => {
    clearInterval(timer)
    await working
  }
}
