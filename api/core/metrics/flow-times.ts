import { byDay, type Day } from './calendar.ts'
import type { ChartEvent } from './chart-event.ts'

const dayLong = 24 * 60 * 60 * 1000
const inDays = (from: string, to: number) => Math.max(0, to - Date.parse(from)) / dayLong

export interface Finished {
  taskId: number
  startedAt: string | null
  completedAt: string
  /** Cycle time: from the start of work to done, in days of 24 hours, free days included. */
  days: number | null
}

export interface Throughput {
  /** Tasks finished on each day, in the order of the days; zero where none was. */
  perDay: number[]
  finished: Finished[]
}

/**
 * Tasks that were open when a day began and done when it ended: finishing one twice on a day
 * counts once, and one finished and reopened on the same day does not count. Reopening on a later
 * day takes nothing from an earlier one. Skipped cards, and those first seen as done, were not
 * finished.
 */
export function throughput(events: readonly ChartEvent[], days: readonly Day[]): Throughput {
  const finished: Finished[] = []
  const perDay = byDay(events, days).days.map((events) => {
    const today = new Map<number, { wasDone: boolean; last: ChartEvent }>()
    for (const event of events) {
      if (event.type !== 'task.status_changed' && event.type !== 'task.created') continue
      const wasDone = today.get(event.entity_id)?.wasDone ?? event.from_status === 'done'
      today.set(event.entity_id, { wasDone, last: event })
    }
    const before = finished.length
    for (const [taskId, { wasDone, last }] of today) {
      const { board_status, skipped, started_at: startedAt, completed_at: completedAt } = last
      if (wasDone || board_status !== 'done' || skipped || completedAt === null) continue
      const days = startedAt === null ? null : inDays(startedAt, Date.parse(completedAt))
      finished.push({ taskId, startedAt, completedAt, days })
    }
    return finished.length - before
  })
  return { perDay, finished }
}

/** Work item age: for how long work on what is not finished has been going on, in such days. */
export const ageOf = (startedAt: string, now: number): number => inDays(startedAt, now)

/** The smallest value that at least `percent` of them do not exceed; null where there is none. */
export function percentile(values: readonly number[], percent: number): number | null {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.max(0, Math.ceil((percent / 100) * sorted.length) - 1)] ?? null
}

/** Service level expectation: in how many whole days 85 % were finished. */
export function serviceLevel(cycleTimes: readonly number[]): number | null {
  const days = percentile(cycleTimes, 85)
  return days === null ? null : Math.max(1, Math.ceil(days))
}
