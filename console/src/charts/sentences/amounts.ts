import { count } from '../../format/words.ts'

/** A number as people say it: at most one digit behind the point. */
export const figure = (value: number): string =>
  value.toLocaleString('en', { maximumFractionDigits: 1 })

export const points = (value: number): string =>
  `${figure(value)} ${value === 1 ? 'point' : 'points'}`

/** Days of 24 hours in the unit that fits: “40 min”, “5 h”, “2.5 days”. */
export function duration(days: number): string {
  const minutes = Math.round(days * 24 * 60)
  if (minutes < 60) return `${minutes} min`
  const hours = Math.round(days * 24)
  if (hours < 24) return `${hours} h`
  return days >= 9.95
    ? count(Math.round(days), 'day')
    : `${figure(days)} ${figure(days) === '1' ? 'day' : 'days'}`
}

/** “a, b and c” */
export function listed(parts: readonly string[]): string {
  if (parts.length < 2) return parts.join('')
  return `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`
}
