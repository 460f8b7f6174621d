import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'

export const runs = 10_000
/** A run that is not through after as many days is "later than that": two years of history. */
export const maxDays = 730

export interface Question {
  /** Tasks finished per day of the past, zero days included: what may happen on any day to come. */
  samples: readonly number[]
  /** Tasks left; each run draws a number from this range. */
  remaining: { min: number; max: number }
  seed: number
}

/** Random days of the past, with replacement; the same seed draws the same days. */
function daysAtRandom({ samples, seed }: Question): { day(): number; upTo(max: number): number } {
  const days = Float64Array.from(samples)
  const random = xoroshiro128plus(seed)
  // The first numbers of neighbouring seeds resemble each other.
  for (let n = 0; n < 32; n++) random.next()
  const below = (limit: number) => Math.floor(((random.next() >>> 0) / 2 ** 32) * limit)
  return {
    day: () => days[below(days.length)] ?? 0,
    upTo: (max) => below(max + 1),
  }
}

/**
 * When will it be done: per run, how many days until the remaining tasks are finished, in
 * ascending order. `maxDays + 1` stands for later than `maxDays`.
 */
export function daysUntilDone(question: Question): Uint32Array {
  const { min, max } = question.remaining
  const random = daysAtRandom(question)
  return Uint32Array.from({ length: runs }, () => {
    let left = min + random.upTo(max - min)
    let days = 0
    while (left > 0 && days <= maxDays) {
      left -= random.day()
      days++
    }
    return days
  }).sort()
}

/** How many by then: per run, the tasks finished within so many days, in ascending order. */
export function finishedWithin(question: Question, days: number): Float64Array {
  const random = daysAtRandom(question)
  return Float64Array.from({ length: runs }, () => {
    let finished = 0
    for (let day = 0; day < days; day++) finished += random.day()
    return finished
  }).sort()
}

/** The least number of days within which `percent` of the runs were done; null for later. */
export function daysAt(percent: number, sorted: Uint32Array): number | null {
  const days = sorted[Math.ceil((percent / 100) * sorted.length) - 1] ?? 0
  return days > maxDays ? null : days
}

/** The most that `percent` of the runs finished or exceeded: for 85 %, the 15th percentile. */
export function countAt(percent: number, sorted: Float64Array): number {
  return sorted[Math.floor(((100 - percent) / 100) * sorted.length)] ?? 0
}

/** A seed that follows from the question, so that the same one is answered the same (FNV-1a). */
export function seedOf({ samples, remaining }: Omit<Question, 'seed'>): number {
  const numbers = [remaining.min, remaining.max, ...samples]
  return numbers.reduce((hash, it) => Math.imul(hash ^ it, 0x01000193) >>> 0, 0x811c9dc5)
}
