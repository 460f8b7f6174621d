const dayMs = 86_400_000

const format = (timeZone: string, options: Intl.DateTimeFormatOptions) => {
  const formatter = new Intl.DateTimeFormat('en-GB', { timeZone, ...options })
  return (at: number) => formatter.format(at)
}

/** How moments are told in a project's time zone. */
export interface Clock {
  timeZone: string
  /** “12 Jan 2026” */
  day: (at: number) => string
  /** “Mon 12 Jan, 14:05” */
  moment: (at: number) => string
  /** The words under an axis whose ticks stand so many milliseconds apart. */
  tick: (at: number, apart: number) => string
}

export function clockOf(timeZone: string): Clock {
  const month = format(timeZone, { month: 'short', year: 'numeric' })
  const dayAndMonth = format(timeZone, { day: 'numeric', month: 'short' })
  const time = format(timeZone, { hour: '2-digit', minute: '2-digit' })
  return {
    timeZone,
    day: format(timeZone, { day: 'numeric', month: 'short', year: 'numeric' }),
    moment: format(timeZone, {
      weekday: 'short',
      day: 'numeric',
      month: 'short',
      hour: '2-digit',
      minute: '2-digit',
    }),
    tick: (at, apart) => {
      if (apart >= 28 * dayMs) return month(at)
      if (apart >= dayMs) return dayAndMonth(at)
      return time(at) === '00:00' ? dayAndMonth(at) : time(at)
    },
  }
}

/** Dates without a time are drawn at their midnight in UTC, and told in UTC. */
export const dates = clockOf('UTC')
/** “Mon 12 Jan 2026” */
export const longDate = format('UTC', {
  weekday: 'short',
  day: 'numeric',
  month: 'short',
  year: 'numeric',
})

/** At least a day, so that a sprint that has just begun has some width. */
export const spanOf = (from: number, to: number): [min: number, max: number] => [
  from,
  Math.max(to, from + dayMs),
]
