import type { ProjectSettings } from './entities/project.ts'
import { addDays, beginOf, calendarOf } from './metrics/calendar.ts'

interface Given {
  start_date?: string | null | undefined
  end_date?: string | null | undefined
}

export const isDay = (value: string) => /^\d{4}-\d{2}-\d{2}$/.test(value)

/**
 * The moments that a sprint's dates mean: a bare date is that day in the project's time zone, a
 * sprint begins as it does and ends with its last millisecond. Moments stay as they are.
 */
export function sprintDates<T extends Given>(given: T, settings: ProjectSettings): T {
  const calendar = calendarOf(settings)
  const iso = (ms: number) => new Date(ms).toISOString()
  const { start_date, end_date } = given
  return {
    ...given,
    ...(start_date && isDay(start_date) && { start_date: iso(beginOf(start_date, calendar)) }),
    ...(end_date &&
      isDay(end_date) && { end_date: iso(beginOf(addDays(end_date, 1), calendar) - 1) }),
  }
}

const dayMs = 24 * 60 * 60 * 1000

/** When a sprint of so many days ends, as a day where its start is one. */
export const endAfter = (start: string, days: number): string =>
  isDay(start) ? addDays(start, days - 1) : new Date(Date.parse(start) + days * dayMs).toISOString()
