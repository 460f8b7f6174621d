const dayMs = 86_400_000

/** One way of writing days and times for all of the console: “12 Jan 2026”, “12 Jan, 14:05:09”. */
const format = (options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat('en-GB', options)

const day = format({ day: 'numeric', month: 'short', timeZone: 'UTC' })
const moment = format({
  day: 'numeric',
  month: 'short',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
})
const whole = format({ dateStyle: 'full', timeStyle: 'long' })
const second = format({ timeStyle: 'medium' })
const minute = format({ timeStyle: 'short' })

// Making a format takes longer than a hundred days.
const formats = new Map<string, Intl.DateTimeFormat>()
function dayAndYear(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone)
  if (known) return known
  const made = format({ day: 'numeric', month: 'short', year: 'numeric', timeZone })
  formats.set(timeZone, made)
  return made
}

/** The day of a moment in the time zone of a project: `2026-01-31`, as date fields take it. */
export const dayIn = (at: string | number, timeZone = 'UTC'): string =>
  // Sweden writes dates as ISO 8601 does.
  new Date(at).toLocaleDateString('sv', { timeZone })

/** A day in the time zone of the project. */
export function formatDay(at: string, timeZone = 'UTC'): string {
  return dayAndYear(timeZone).format(new Date(at))
}

/** “12–26 Jan 2026”: what both ends share is said once. */
export function formatRange(start: string | null, end: string | null, timeZone = 'UTC'): string {
  if (start === null && end === null) return 'No dates'
  if (start === null) return `Until ${formatDay(end ?? '', timeZone)}`
  if (end === null) return `From ${formatDay(start, timeZone)}`
  return dayAndYear(timeZone).formatRange(new Date(start), new Date(end))
}

/** A moment where the reader is. */
export const formatMoment = (at: string) => moment.format(new Date(at))
/** The same in full, with its weekday and zone. */
export const formatWhole = (at: string) => whole.format(new Date(at))
/** The time of the day alone: “14:05:09”. */
export const formatSecond = (at: string) => second.format(new Date(at))
/** “14:05” */
export const formatMinute = (at: number) => minute.format(at)

/** “14:05 on Saturday” in a time zone; null where there is no such zone. */
export function timeIn(timeZone: string, now: number): string | null {
  try {
    const clock = format({ timeStyle: 'short', timeZone }).format(now)
    return `${clock} on ${format({ weekday: 'long', timeZone }).format(now)}`
  } catch {
    return null
  }
}

/** Days from the one of `now` to the last of a timebox, in words; null without an end. */
export function timeLeft(end: string | null, now: number, timeZone = 'UTC'): string | null {
  if (end === null) return null
  const days = (Date.parse(dayIn(end, timeZone)) - Date.parse(dayIn(now, timeZone))) / dayMs
  if (days < 0) return days === -1 ? 'ended yesterday' : `ended ${-days} days ago`
  if (days === 0) return 'ends today'
  return days === 1 ? '1 day left' : `${days} days left`
}

/** “3 min ago”; a date once it is more than a week. */
export function timeAgo(at: string, now: number): string {
  const seconds = Math.max(0, (now - Date.parse(at)) / 1000)
  if (seconds < 45) return 'just now'
  if (seconds < 3600) return `${Math.max(1, Math.round(seconds / 60))} min ago`
  if (seconds < 86_400) return `${Math.round(seconds / 3600)} h ago`
  if (seconds < 7 * 86_400) return `${Math.round(seconds / 86_400)} d ago`
  return day.format(new Date(at))
}
