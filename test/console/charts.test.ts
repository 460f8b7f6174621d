import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type {
  Burndown,
  Burnup,
  Flow,
  Forecast,
  ProjectVelocity,
} from '../../console/src/api/types.ts'
import { closest, mergedMarks, reachedAt, straightAt } from '../../console/src/charts/lines.ts'
import { duration } from '../../console/src/charts/sentences/amounts.ts'
import { burndownSentence, workingDays } from '../../console/src/charts/sentences/burndown.ts'
import { burnupSentence } from '../../console/src/charts/sentences/burnup.ts'
import {
  agesSentence,
  cycleSentence,
  flowSentence,
} from '../../console/src/charts/sentences/flow.ts'
import { forecastSentence, howManySentence } from '../../console/src/charts/sentences/forecast.ts'
import { velocitySentence } from '../../console/src/charts/sentences/velocity.ts'
import { stopAfter } from '../../console/src/charts/stop-after.ts'
import { clockOf, spanOf } from '../../console/src/charts/time-axis.ts'
import { restBetween } from '../../console/src/live/rest-between.ts'

const day = (date: number) => `2026-01-${String(date).padStart(2, '0')}T00:00:00.000Z`

/** Monday 5 to Saturday 17 January, ten working days, 20 points committed. */
function burndown(given: Partial<Burndown>, now: number, remaining: number, scope = 20): Burndown {
  const point = { scope, done: scope - remaining, scope_change: 0 }
  return {
    sprint_id: 1,
    status: 'active',
    reason: null,
    time_zone: 'UTC',
    started_at: day(5),
    planned_end: day(17),
    closed_at: null,
    days_off: [
      { from: day(10), to: day(12) },
      { from: day(17), to: day(19) },
    ],
    committed_points: 20,
    done_before_start_points: 0,
    scope_change_points: 0,
    completed_points: 0,
    completed_initial_points: 0,
    say_do: null,
    predictability: null,
    remaining_points: remaining,
    unestimated_tasks: 0,
    points: [
      { at: day(5), remaining: scope, scope, done: 0, scope_change: 0 },
      { at: day(now), remaining, ...point },
    ],
    scope_changes: [],
    guideline: [
      { at: day(5), remaining: 20 },
      { at: day(10), remaining: 10 },
      { at: day(12), remaining: 10 },
      { at: day(17), remaining: 0 },
    ],
    ...given,
  }
}

describe('a burndown says', () => {
  test('how far it is behind or ahead, in days that are worked on', () => {
    expect(burndownSentence(burndown({}, 13, 12))).toBe(
      '12 of 20 points are left; the guideline is at 8, so the sprint is about 2 working days behind.',
    )
    expect(burndownSentence(burndown({}, 8, 4))).toBe(
      '4 of 20 points are left; the guideline is at 14, so the sprint is about 5 working days ahead.',
    )
    expect(burndownSentence(burndown({}, 11, 10))).toContain('so the sprint is on its way')
  })
  test('that it is over time, done, or has nothing to burn', () => {
    expect(burndownSentence(burndown({}, 20, 5))).toBe(
      '5 of 20 points are left; the sprint was to end on 16 Jan 2026, so it is about 4 working days behind.',
    )
    expect(burndownSentence(burndown({}, 15, 0))).toBe(
      'All 20 points are done, about 2 working days before the planned end.',
    )
    expect(burndownSentence(burndown({ unestimated_tasks: 3 }, 8, 0, 0))).toBe(
      'The sprint has no points to burn: 3 cards are without an estimate.',
    )
    expect(burndownSentence(burndown({ guideline: [] }, 8, 1))).toBe(
      '1 of 20 points is left; without a planned end there is no guideline.',
    )
    expect(burndownSentence(burndown({ points: [], reason: 'It has not started.' }, 8, 1))).toBe(
      'It has not started.',
    )
  })
  test('how it ended', () => {
    const closed = { closed_at: day(17), completed_initial_points: 15 }
    expect(burndownSentence(burndown(closed, 17, 8, 24))).toBe(
      'The sprint ended on 17 Jan 2026 with 8 of 24 points left; of the 20 committed, 15 were completed (75 %).',
    )
  })
  test('a sprint of days off alone is worked on all the same', () => {
    const weekend = burndown({ days_off: [{ from: day(10), to: day(12) }] }, 11, 5)
    expect(workingDays(weekend, Date.parse(day(10)), Date.parse(day(11)))).toBe(1)
  })
})

test('a burnup says how the scope has moved, and what of it is completed', () => {
  const frame = burndown({}, 8, 0)
  const chart = (scope: number, completed: number, closed_at: string | null = null): Burnup => ({
    ...frame,
    closed_at,
    points: [{ at: day(8), scope, completed }],
  })
  expect(burnupSentence(chart(20, 5))).toBe(
    'Scope has stayed at 20 points; 5 of them (25 %) are completed.',
  )
  expect(burnupSentence(chart(25, 5, day(9)))).toBe(
    'Scope grew from 20 to 25 points; 5 of them (20 %) were completed.',
  )
  expect(burnupSentence(chart(0, 0))).toBe(
    'Scope has shrunk from 20 to 0 points, so there is nothing to complete.',
  )
})

const card = { task_id: 1, code: 'DEMO-1', title: 'Card', sprint_id: 1 }
const flow = (given: Partial<Flow>): Flow => ({
  project_id: 1,
  sprint_id: null,
  reason: null,
  time_zone: 'UTC',
  days: [],
  finished: 0,
  cycle_times: [],
  cycle_time_percentiles: null,
  service_level: null,
  ages: [],
  ...given,
})

describe('a flow says', () => {
  test('what is in work and what was finished', () => {
    const none = { backlog: 1, todo: 2, in_progress: 0, review: 0, testing: 0, blocked: 0, done: 3 }
    const now = { ...none, date: '2026-01-09', in_progress: 2, blocked: 1, work_in_progress: 3 }
    const days = [now, { ...now, throughput: 1 }].map((it) => ({ throughput: 0, ...it }))
    expect(flowSentence(flow({ days, finished: 1 }))).toBe(
      '3 cards are in work (2 in progress and 1 blocked); 1 card was finished in 2 days, 0.5 a day.',
    )
  })
  test('how long cards take, and which are left out', () => {
    const time = { ...card, started_at: null, completed_at: day(8) }
    const served = {
      cycle_time_percentiles: { p50: 0.5, p85: 3.2, p95: 4 },
      service_level: { percent: 85 as const, days: 4 },
      cycle_times: [{ ...time, days: null }],
    }
    expect(cycleSentence(flow(served))).toBe(
      '85 % of cards were done within 4 days of their start, half of them within 12 h; 1 card done without a start is left out.',
    )
    expect(cycleSentence(flow({}))).toContain('No card has been finished')
  })
  test('what has been in work for long', () => {
    const ages = [9, 2].map((days) => ({
      ...card,
      board_status: 'review' as const,
      started_at: day(1),
      days,
    }))
    expect(agesSentence(flow({ ages, service_level: { percent: 85, days: 4 } }))).toBe(
      '2 cards are in work, 1 for longer than the 4 days that 85 % of cards took; the oldest, DEMO-1, for 9 days.',
    )
    expect(agesSentence(flow({}))).toBe('No card is in work now.')
  })
})

test('a velocity says its mean with its spread, or that it needs a closed sprint', () => {
  const velocity = (given: Partial<ProjectVelocity>): ProjectVelocity => ({
    project_id: 1,
    sprints_counted: 0,
    mean: null,
    min: null,
    max: null,
    standard_deviation: null,
    reason: null,
    sprints: [],
    ...given,
  })
  expect(velocitySentence(velocity({}))).toContain('velocity needs one')
  expect(velocitySentence(velocity({ sprints_counted: 3, mean: 7, min: 4, max: 11 }))).toBe(
    'The last 3 closed sprints completed 7 points on average, between 4 and 11.',
  )
  expect(velocitySentence(velocity({ sprints_counted: 1, mean: 7, min: 7, max: 7 }))).toBe(
    'The only closed sprint completed 7 points; from two on there is a spread.',
  )
})

describe('a forecast says', () => {
  const forecast = (given: Partial<Forecast>, days = 20): Forecast => ({
    project_id: 1,
    sprint_id: null,
    as_of: '2026-01-09',
    time_zone: 'UTC',
    confidence: 'normal',
    reason: null,
    remaining: { min: 8, max: 12 },
    when: { p50: '2026-01-20', p85: '2026-02-01', p95: null },
    how_many: { by: '2026-01-16', p50: 5, p85: 2, p95: 0 },
    history: { from: null, to: null, samples: Array.from({ length: days }, () => 1) },
    runs: 10_000,
    seed: 1,
    assumptions: [],
    ...given,
  })
  test('the date to count on, how sure it is, and how many by a date', () => {
    expect(forecastSentence(forecast({}))).toBe(
      'The 8 to 12 tasks left will be done by 1 Feb 2026 with 85 % confidence, and as likely as not by 20 Jan 2026.',
    )
    expect(forecastSentence(forecast({ confidence: 'low' }, 5))).toMatch(
      /^Low confidence, from only 5 days of history: the 8 to 12 tasks left/,
    )
    expect(howManySentence(forecast({}))).toBe(
      'By 16 Jan 2026 at least 2 tasks of 12 with 85 % confidence, as likely as not 5.',
    )
  })
  test('no date where one day of history would give the same one each time', () => {
    const early = forecast(
      { confidence: 'low', when: { p50: day(9), p85: day(9), p95: day(9) } },
      1,
    )
    expect(forecastSentence(early)).toMatch(/^It is too early for a date: 1 day of history/)
    expect(forecastSentence(forecast({ remaining: { min: 0, max: 0 } }))).toContain(
      'Nothing is left',
    )
    const none = forecast({ confidence: 'none', reason: 'No forecast: nothing.', when: null })
    expect(forecastSentence(none)).toBe('No forecast: nothing.')
  })
})

describe('scales', () => {
  test('lines are read between their vertices, and not beyond', () => {
    const line = [
      { at: 0, value: 10 },
      { at: 10, value: 5 },
      { at: 20, value: 5 },
      { at: 30, value: 0 },
    ]
    expect([-1, 0, 5, 15, 30, 31].map((at) => straightAt(line, at))).toEqual([
      null,
      10,
      7.5,
      5,
      0,
      null,
    ])
    expect([12, 7.5, 5, 0, -1].map((value) => reachedAt(line, value))).toEqual([0, 5, 10, 30, null])
    expect([-5, 4, 7, 99].map((at) => closest([0, 5, 10], at))).toEqual([0, 1, 1, 2])
    expect(closest([], 1)).toBeNull()
  })
  test('marks too close to one another are one', () => {
    const changes = [1, 2, 30].map((at) => ({ at, points: at }))
    expect(mergedMarks(changes, (at) => at, 5)).toEqual([
      { at: 1, points: 3 },
      { at: 30, points: 30 },
    ])
  })
  test('keys lead to stops and no further', () => {
    expect(
      ['ArrowRight', 'ArrowLeft', 'Home', 'End', 'PageUp', 'PageDown', 'a'].map((key) =>
        stopAfter(key, 19, 20),
      ),
    ).toEqual([19, 18, 0, 19, 19, 17, null])
    expect(stopAfter('Home', -1, 0)).toBeNull()
  })
  test('times are those of the project, and a span is a day at least', () => {
    const clock = clockOf('Pacific/Kiritimati')
    expect(clock.day(Date.parse('2026-01-09T12:00:00Z'))).toBe('10 Jan 2026')
    expect(clock.tick(Date.parse('2026-01-09T10:00:00Z'), 3_600_000)).toBe('10 Jan')
    expect(spanOf(5, 6)).toEqual([5, 5 + 86_400_000])
  })
  test('a time is told in the unit that fits', () => {
    expect([0, 0.02, 0.5, 1, 2.51, 12.4].map(duration)).toEqual([
      '0 min',
      '29 min',
      '12 h',
      '1 day',
      '2.5 days',
      '12 days',
    ])
  })
})

describe('reading again', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())
  test('happens at once, then never twice at a time nor without a rest', async () => {
    const done: (() => void)[] = []
    const rested = restBetween(() => new Promise<void>((resolve) => done.push(resolve)), 2000)
    rested.ask()
    rested.ask()
    await vi.advanceTimersByTimeAsync(9000)
    expect(done).toHaveLength(1)
    done[0]?.()
    await vi.advanceTimersByTimeAsync(1999)
    expect(done).toHaveLength(1)
    await vi.advanceTimersByTimeAsync(1)
    expect(done).toHaveLength(2)
    rested.stop()
    done[1]?.()
    rested.ask()
    await vi.advanceTimersByTimeAsync(9000)
    expect(done).toHaveLength(2)
  })
})
