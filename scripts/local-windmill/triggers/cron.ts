import { Cron } from 'croner'

/** Why Windmill would refuse a cron expression, or would never run it. */
export function cronFault(cron: string): string | undefined {
  const fields = cron.trim().split(/\s+/)
  if (fields.length !== 6) {
    return `has ${fields.length} fields, and Windmill reads six: begin with the seconds`
  }
  try {
    return nextRun(cron, 'UTC', new Date()) ? undefined : 'names a day that never comes'
  } catch (error) {
    return `cannot be read: ${(error as Error).message.replace(/^CronPattern: /, '')}`
  }
}

export function timezoneFault(timezone: string): string | undefined {
  try {
    new Intl.DateTimeFormat('en', { timeZone: timezone })
    return undefined
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    return `${error.message}: name one such as Europe/Berlin`
  }
}

/**
 * The first due time after `after`, by the wall clock of the time zone; null when there is none.
 * A time that the clock skips is due when it has been set forward, one that it shows twice is due
 * the first time. Windmill reads `cron_version: v2` by the same library.
 *
 * @throws Error when the expression or the zone cannot be read
 */
export function nextRun(cron: string, timezone: string, after: Date): Date | null {
  return pattern(cron, timezone).nextRun(after)
}

export function upcomingRuns(cron: string, timezone: string, after: Date, count: number): Date[] {
  return pattern(cron, timezone).nextRuns(count, after)
}

function pattern(cron: string, timezone: string): Cron {
  return new Cron(cron, { timezone, mode: '6-part', paused: true })
}
