const day = new Intl.DateTimeFormat('en', { day: 'numeric', month: 'short', timeZone: 'UTC' })
const dayAndYear = new Intl.DateTimeFormat('en', {
  day: 'numeric',
  month: 'short',
  year: 'numeric',
  timeZone: 'UTC',
})
const dayMs = 86_400_000

/** A sprint's dates are days; they are stored as midnight UTC and read in UTC. */
export function formatDay(at: string): string {
  return dayAndYear.format(new Date(at))
}

/** “12 – 26 Jan 2026”, with what both ends share said once where the locale allows it. */
export function formatRange(start: string | null, end: string | null): string {
  if (start === null && end === null) return 'No dates'
  if (start === null) return `Until ${formatDay(end ?? '')}`
  if (end === null) return `From ${formatDay(start)}`
  return dayAndYear.formatRange(new Date(start), new Date(end))
}

/** Whole days from `now` to the end of a timebox, in words; null without an end. */
export function timeLeft(end: string | null, now: number): string | null {
  if (end === null) return null
  const days = Math.ceil((Date.parse(end) - now) / dayMs)
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
