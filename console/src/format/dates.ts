const day = new Intl.DateTimeFormat('en', { day: 'numeric', month: 'short', timeZone: 'UTC' })
const dayMs = 86_400_000

const formats = new Map<string, Intl.DateTimeFormat>()
function dayAndYear(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone)
  if (known) return known
  const made = new Intl.DateTimeFormat('en', {
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    timeZone,
  })
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

/** “12 – 26 Jan 2026”, with what both ends share said once where the locale allows it. */
export function formatRange(start: string | null, end: string | null, timeZone = 'UTC'): string {
  if (start === null && end === null) return 'No dates'
  if (start === null) return `Until ${formatDay(end ?? '', timeZone)}`
  if (end === null) return `From ${formatDay(start, timeZone)}`
  return dayAndYear(timeZone).formatRange(new Date(start), new Date(end))
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
