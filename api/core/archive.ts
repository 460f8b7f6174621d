import { invalid } from './errors.ts'

/** Events younger than this many days are never archived: streams and flows may still need them. */
export const youngestArchived = 30
/** Without a date, events stay this many months. */
const monthsKept = 12

const day = 24 * 60 * 60 * 1000

/**
 * The moment before which whole months are archived: the beginning of the month, in UTC, that
 * `before` lies in.
 * @throws DomainError `invalid` where that is too young
 */
export function archiveCut(before: string | undefined, now: number): string {
  if (before === undefined) {
    const date = new Date(now)
    return new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() - monthsKept)).toISOString()
  }
  if (Date.parse(before) > now - youngestArchived * day) {
    throw invalid(
      'before',
      'young_events_stay',
      `must lie at least ${youngestArchived} days back: younger events are still being read`,
    )
  }
  return `${before.slice(0, 7)}-01T00:00:00.000Z`
}

/** When a month begins and ends, in UTC. `month` is like 2026-01. */
export function spanOf(month: string): { since: string; until: string } {
  const since = new Date(`${month}-01T00:00:00Z`)
  const until = new Date(Date.UTC(since.getUTCFullYear(), since.getUTCMonth() + 1))
  return { since: since.toISOString(), until: until.toISOString() }
}
