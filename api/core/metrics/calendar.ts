import { Temporal } from 'temporal-polyfill'
import type { ProjectSettings } from '../entities/project.ts'

/** What a day is: where it begins and ends, and which days are worked on (ISO: 1 is Monday). */
export interface Calendar {
  timeZone: string
  workingDays: readonly number[]
}

/** A day of a calendar; 23 or 25 hours long where the clocks change. Times are milliseconds. */
export interface Day {
  /** `2026-03-29` */
  date: string
  begins: number
  ends: number
  working: boolean
}

export const calendarOf = (settings: ProjectSettings): Calendar => ({
  timeZone: settings.time_zone ?? 'UTC',
  workingDays: settings.working_days ?? [1, 2, 3, 4, 5],
})

export const dateAt = (at: number, { timeZone }: Calendar): string =>
  Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(timeZone).toPlainDate().toString()

export const addDays = (date: string, days: number): string =>
  Temporal.PlainDate.from(date).add({ days }).toString()

/** Whole days from one date to another; negative where the other lies before. */
export const daysUntil = (from: string, to: string): number =>
  Temporal.PlainDate.from(from).until(to).days

/** The moment at which a date begins. */
export const beginOf = (date: string, { timeZone }: Calendar): number =>
  Temporal.PlainDate.from(date).toZonedDateTime(timeZone).epochMilliseconds

/** The days from one date to another, both included; none where the other lies before. */
export function daysFrom(first: string, last: string, calendar: Calendar): Day[] {
  const days: Day[] = []
  const end = Temporal.PlainDate.from(last)
  let date = Temporal.PlainDate.from(first)
  let begins = date.toZonedDateTime(calendar.timeZone).epochMilliseconds
  while (Temporal.PlainDate.compare(date, end) <= 0) {
    const next = date.add({ days: 1 })
    const ends = next.toZonedDateTime(calendar.timeZone).epochMilliseconds
    const working = calendar.workingDays.includes(date.dayOfWeek)
    days.push({ date: date.toString(), begins, ends, working })
    date = next
    begins = ends
  }
  return days
}

/** The days that a span of time touches. */
export const daysOf = (from: number, to: number, calendar: Calendar): Day[] =>
  daysFrom(dateAt(from, calendar), dateAt(to, calendar), calendar)

/** The spans of these days that are not worked on, neighbouring days as one. */
export function daysOff(days: readonly Day[]): { from: number; to: number }[] {
  const spans: { from: number; to: number }[] = []
  for (const { begins, ends, working } of days) {
    if (working) continue
    const last = spans.at(-1)
    if (last?.to === begins) last.to = ends
    else spans.push({ from: begins, to: ends })
  }
  return spans
}

/** What happened before the days, on each of them, and after them; each in the order given. */
export function byDay<T extends { at: number }>(events: readonly T[], days: readonly Day[]) {
  const sorted = { before: [] as T[], days: days.map((): T[] => []), after: [] as T[] }
  let n = 0
  for (const event of events) {
    while (n > 0 && event.at < (days[n]?.begins ?? 0)) n--
    while (n < days.length - 1 && event.at >= (days[n]?.ends ?? 0)) n++
    const day = days[n]
    if (day === undefined || event.at < day.begins) sorted.before.push(event)
    else if (event.at >= day.ends) sorted.after.push(event)
    else sorted.days[n]?.push(event)
  }
  return sorted
}
