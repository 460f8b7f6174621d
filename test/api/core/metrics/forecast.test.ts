import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  countAt,
  daysAt,
  daysUntilDone,
  finishedWithin,
  maxDays,
  runs,
  seedOf,
} from '../../../../api/core/metrics/forecast.ts'
import { velocityOver } from '../../../../api/core/metrics/velocity-history.ts'

const left = (tasks: number) => ({ min: tasks, max: tasks })

/** P(at least k of n), each with probability p: the binomial distribution, summed. */
function atLeast(k: number, n: number, p: number): number {
  let sum = 0
  for (let j = k; j <= n; j++) {
    let term = 1
    for (let i = 1; i <= j; i++) term *= ((n - j + i) / i) * p
    sum += term * (1 - p) ** (n - j)
  }
  return sum
}

describe('a forecast', () => {
  test('of a constant pace is exact: 2 a day, so 9 take 5 days, and 5 days bring 10', () => {
    const question = { samples: [2, 2, 2], remaining: left(9), seed: 1 }
    const days = daysUntilDone(question)
    expect([50, 85, 95].map((percent) => daysAt(percent, days))).toEqual([5, 5, 5])
    const counts = finishedWithin(question, 5)
    expect([50, 85, 95].map((percent) => countAt(percent, counts))).toEqual([10, 10, 10])
  })

  test('of a task on one day in three is the binomial distribution, within chance', () => {
    const p = 1 / 3
    const question = { samples: [0, 1, 0], remaining: left(3), seed: 20260302 }
    const days = daysUntilDone(question)
    // Done within d days: at least 3 of d days bring one. Of 10,000 runs, the share differs by
    // less than four standard errors, 4 × √(0.25 / 10,000) = 0.02.
    for (let d = 3; d <= 30; d++) {
      const share = days.filter((it) => it <= d).length / runs
      expect(Math.abs(share - atLeast(3, d, p)), `${d} days`).toBeLessThan(0.02)
    }
    // P(≤ 7) = 0.429, P(≤ 8) = 0.532; P(≤ 12) = 0.819, P(≤ 13) = 0.861; P(≤ 17) = 0.956.
    expect([50, 85, 95].map((percent) => daysAt(percent, days))).toEqual([8, 13, 17])

    const counts = finishedWithin(question, 30)
    for (let k = 0; k <= 20; k++) {
      const share = counts.filter((it) => it >= k).length / runs
      expect(Math.abs(share - atLeast(k, 30, p)), `${k} tasks`).toBeLessThan(0.02)
    }
    // P(≥ 10) = 0.584, P(≥ 11) = 0.415; P(≥ 7) = 0.916, P(≥ 8) = 0.833; P(≥ 6) = 0.964.
    expect([50, 85, 95].map((percent) => countAt(percent, counts))).toEqual([10, 7, 6])
  })

  test('85 per cent of the runs reach what it promises: the 15th percentile, not the 85th', () => {
    const counts = Float64Array.from({ length: 100 }, (_, n) => n)
    expect(countAt(85, counts)).toBe(15)
    expect(counts.filter((it) => it >= 15)).toHaveLength(85)
  })

  test('draws what is left from the range it was given', () => {
    const days = daysUntilDone({ samples: [1], remaining: { min: 2, max: 4 }, seed: 3 })
    for (const tasks of [2, 3, 4]) {
      // A third each, within 0.02.
      expect(Math.abs(days.filter((it) => it === tasks).length / runs - 1 / 3)).toBeLessThan(0.02)
    }
  })

  test('says when it is later than it looks ahead, and is done at once with nothing left', () => {
    const slow = { samples: [1], remaining: left(maxDays + 1), seed: 1 }
    expect(daysAt(50, daysUntilDone(slow))).toBeNull()
    expect(daysAt(50, daysUntilDone({ ...slow, remaining: left(maxDays) }))).toBe(maxDays)
    expect(daysAt(95, daysUntilDone({ ...slow, remaining: left(0) }))).toBe(0)
  })

  test('is the same for the same seed, and another seed draws other days', () => {
    const question = { samples: [0, 1, 3], remaining: left(20), seed: 5 }
    expect(daysUntilDone(question)).toEqual(daysUntilDone(question))
    expect(daysUntilDone({ ...question, seed: 6 })).not.toEqual(daysUntilDone(question))
    const { seed: _, ...unseeded } = question
    expect(seedOf(unseeded)).toBe(seedOf(unseeded))
    expect(seedOf({ ...unseeded, remaining: left(21) })).not.toBe(seedOf(unseeded))
  })

  test('takes no less time and promises no more tasks for more certainty', () => {
    const samples = fc
      .array(fc.integer({ min: 0, max: 5 }), { minLength: 1, maxLength: 60 })
      .filter((days) => days.some((count) => count > 0))
    fc.assert(
      fc.property(samples, fc.nat(40), fc.nat(), (samples, tasks, seed) => {
        const question = { samples, remaining: left(tasks), seed }
        const days = daysUntilDone(question)
        const [a, b, c] = [50, 85, 95].map((it) => daysAt(it, days) ?? maxDays + 1)
        expect(Number(a) <= Number(b) && Number(b) <= Number(c)).toBe(true)
        const counts = finishedWithin(question, 20)
        const [x, y, z] = [50, 85, 95].map((it) => countAt(it, counts))
        expect(Number(x) >= Number(y) && Number(y) >= Number(z)).toBe(true)
      }),
      { numRuns: 20 },
    )
  })
})

test('velocity is a mean with its range and the standard deviation of a sample', () => {
  // Mean 6; deviations -4, 0, 4; (16 + 0 + 16) / (3 - 1) = 16, whose root is 4.
  expect(velocityOver([2, 6, 10])).toEqual({
    sprints: 3,
    mean: 6,
    min: 2,
    max: 10,
    standardDeviation: 4,
  })
  expect(velocityOver([5])).toMatchObject({ mean: 5, standardDeviation: null })
  expect(velocityOver([])).toMatchObject({ sprints: 0, mean: null, min: null })
})
