const minute = 60
const hour = 60 * minute

/** Seconds to wait after each failed try; the try after the last wait is the last. About a day. */
export const usualWaits: readonly number[] = [
  5,
  30,
  2 * minute,
  10 * minute,
  30 * minute,
  hour,
  2 * hour,
  4 * hour,
  8 * hour,
  8 * hour,
]

/** A factor from 0.8 to 1.2 that spreads tries, from a random number in [0, 1). */
export const jitter = (random: number): number => 0.8 + 0.4 * random

/** What came of a try. */
export type Result = { kind: 'sent'; status: number } | Failure

export interface Failure {
  kind: 'failed'
  /** Null where nobody answered. */
  status: number | null
  error: string
  /** The beginning of what the receiver said: for administrators alone, it may repeat a secret. */
  note: string
  /** The receiver wants no more of the subscription: 410. */
  gone: boolean
  /** There was no connection, which says nothing of this message, and the same of all others. */
  unreachable: boolean
  /** Seconds that the receiver asked for, within bounds; 0 where it asked for none. */
  waitAtLeast: number
}

/** The longest wait a receiver may ask for. */
const longestAskedWait = hour

/** Judges an answer. `note` is the beginning of its body, for people to read. */
export function resultOf(
  answer: { status: number; retryAfter: string | undefined; note: string },
  now: number,
): Result {
  const { status, retryAfter, note } = answer
  if (status >= 200 && status < 300) return { kind: 'sent', status }
  return {
    kind: 'failed',
    status,
    error: `answered ${status}`,
    note,
    gone: status === 410,
    unreachable: false,
    waitAtLeast: askedWait(retryAfter, now),
  }
}

/** Nobody answered: not found, not allowed, refused, or too slow. */
export const noAnswer = (error: string, unreachable: boolean): Failure => ({
  kind: 'failed',
  status: null,
  error,
  note: '',
  gone: false,
  unreachable,
  waitAtLeast: 0,
})

/** `Retry-After` in seconds or as an HTTP date; 0 for anything else. */
function askedWait(header: string | undefined, now: number): number {
  if (header === undefined) return 0
  const seconds = /^\d{1,9}$/.test(header) ? Number(header) : (Date.parse(header) - now) / 1000
  return Number.isNaN(seconds) ? 0 : Math.min(Math.max(seconds, 0), longestAskedWait)
}
