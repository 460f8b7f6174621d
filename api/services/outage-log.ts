import type { Logger } from 'pino'
import { isOutage } from '../core/outage.ts'

export interface OutageLog {
  failed(error: unknown): void
  worked(): void
}

/** Logs failures of work that is tried again and again: an outage once, and once when it is over. */
export function outageLog(log: Logger, what: string): OutageLog {
  let away = false
  return {
    failed(error) {
      if (!isOutage(error)) log.error({ err: error }, `${what} failed`)
      else if (!away) log.error({ err: error }, `${what} waits: the database is away`)
      away = isOutage(error)
    },
    worked() {
      if (away) log.info(`${what} goes on: the database is back`)
      away = false
    },
  }
}
