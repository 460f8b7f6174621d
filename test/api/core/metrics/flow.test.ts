import { describe, expect, test } from 'vitest'
import { daysFrom } from '../../../../api/core/metrics/calendar.ts'
import { cumulativeFlow, movesOf } from '../../../../api/core/metrics/cumulative-flow.ts'
import {
  ageOf,
  percentile,
  serviceLevel,
  throughput,
} from '../../../../api/core/metrics/flow-times.ts'
import { history } from './history.ts'

const utc = { timeZone: 'UTC', workingDays: [1, 2, 3, 4, 5] }
const march = (first: number, last: number, calendar = utc) => {
  const date = (day: number) => `2026-03-${String(day).padStart(2, '0')}`
  return daysFrom(date(first), date(last), calendar)
}

describe('throughput', () => {
  test('counts tasks finished per day, and days without any as zero', () => {
    const { events } = history()
      .create('2026-03-02T09:00:00Z', 1, 1)
      .create('2026-03-02T09:00:00Z', 2, 1)
      .create('2026-03-02T09:00:00Z', 3, 1)
      .move('2026-03-03T09:00:00Z', 1, 'done')
      .move('2026-03-05T09:00:00Z', 2, 'done')
      .move('2026-03-05T10:00:00Z', 3, 'done')
    expect(throughput(events, march(2, 6)).perDay).toEqual([0, 1, 0, 2, 0])
  })

  test('counts a task once a day, and not one that is open again in the evening', () => {
    const { events } = history()
      .create('2026-03-02T09:00:00Z', 1, 1)
      .create('2026-03-02T09:00:00Z', 2, 1)
      .move('2026-03-03T09:00:00Z', 1, 'done')
      .move('2026-03-03T10:00:00Z', 1, 'todo')
      .move('2026-03-03T11:00:00Z', 1, 'done')
      .move('2026-03-03T09:00:00Z', 2, 'done')
      .move('2026-03-03T10:00:00Z', 2, 'todo')
    expect(throughput(events, march(3, 3)).perDay).toEqual([1])
  })

  test('a task reopened on a later day was finished all the same, and may be again', () => {
    const { events } = history()
      .create('2026-03-02T09:00:00Z', 1, 1)
      .move('2026-03-03T09:00:00Z', 1, 'done')
      .move('2026-03-04T09:00:00Z', 1, 'todo')
      .move('2026-03-05T09:00:00Z', 1, 'done')
      .move('2026-03-06T09:00:00Z', 1, 'todo')
      .move('2026-03-06T10:00:00Z', 1, 'done')
    // On the last day it was done in the morning already.
    expect(throughput(events, march(3, 6)).perDay).toEqual([1, 0, 1, 0])
  })

  test('a task made as done counts, unless nobody knows when it was', () => {
    const { events } = history()
      .create('2026-03-03T09:00:00Z', 1, 1, 'done')
      .create('2026-03-03T09:00:00Z', 2, 1, 'done')
    const [first] = events
    if (first) first.completed_at = null
    expect(throughput(events, march(3, 3)).finished.map((it) => it.taskId)).toEqual([2])
  })

  test('a skipped task was not finished', () => {
    const { events } = history()
      .create('2026-03-02T09:00:00Z', 1, 1)
      .move('2026-03-03T09:00:00Z', 1, 'done', true)
    expect(throughput(events, march(3, 3)).perDay).toEqual([0])
  })

  test('a task belongs to the day of the zone, also where the clocks change', () => {
    // In Berlin 29 March 2026 had 23 hours: it ended at 22:00 UTC, the day before at 23:00 UTC.
    const berlin = { timeZone: 'Europe/Berlin', workingDays: [] }
    const finishedAt = (at: string) =>
      throughput(
        history().create('2026-03-02T09:00:00Z', 1, 1).move(at, 1, 'done').events,
        march(28, 30, berlin),
      ).perDay
    expect(finishedAt('2026-03-28T22:59:00Z')).toEqual([1, 0, 0])
    expect(finishedAt('2026-03-28T23:00:00Z')).toEqual([0, 1, 0])
    expect(finishedAt('2026-03-29T21:59:00Z')).toEqual([0, 1, 0])
    expect(finishedAt('2026-03-29T22:00:00Z')).toEqual([0, 0, 1])
  })

  test('a clock that was ahead for one event hides nothing that came after it', () => {
    const { events } = history()
      .create('2026-03-02T09:00:00Z', 1, 1)
      .create('2027-01-01T09:00:00Z', 2, 1)
      .move('2026-03-03T09:00:00Z', 1, 'done')
    expect(throughput(events, march(2, 4)).perDay).toEqual([0, 1, 0])
  })
})

describe('cycle time and age', () => {
  const story = history()
    .create('2026-03-02T09:00:00Z', 1, 1)
    .create('2026-03-02T09:00:00Z', 2, 1)
    .create('2026-03-02T09:00:00Z', 3, 1)
    .move('2026-03-06T09:00:00Z', 1, 'in_progress')
    .move('2026-03-07T09:00:00Z', 2, 'in_progress')
    .move('2026-03-08T09:00:00Z', 2, 'review')
    .move('2026-03-09T21:00:00Z', 1, 'done')

  test('run from the start of work, over weekends too', () => {
    // Friday nine o'clock to Monday 21 o'clock: three days and a half.
    expect(throughput(story.events, march(2, 10)).finished).toEqual([
      {
        taskId: 1,
        startedAt: '2026-03-06T09:00:00Z',
        completedAt: '2026-03-09T21:00:00Z',
        days: 3.5,
      },
    ])
    expect(ageOf('2026-03-06T09:00:00Z', Date.parse('2026-03-09T21:00:00Z'))).toBe(3.5)
  })

  test('percentiles are values that occurred; the service level is in whole days', () => {
    const times = [0.4, 1, 2, 3, 4, 5, 6, 7, 8, 20]
    // Of ten values, 85 % is the ninth, 50 % the fifth, 95 % the tenth.
    expect([50, 85, 95].map((percent) => percentile(times, percent))).toEqual([4, 8, 20])
    expect(serviceLevel(times)).toBe(8)
    expect(serviceLevel([0.2])).toBe(1)
    expect(serviceLevel([])).toBeNull()
  })
})

test('cumulative flow adds up the moves of each day', () => {
  const days = cumulativeFlow(
    [
      { day: 0, from: null, to: 'done', cards: 40 },
      { day: 0, from: null, to: 'todo', cards: 1 },
      { day: 1, from: 'done', to: 'in_progress', cards: 1 },
      { day: 2, from: null, to: 'todo', cards: 1 },
    ],
    march(2, 4),
  )
  expect(days.map(({ tasks }) => [tasks.todo, tasks.in_progress, tasks.done])).toEqual([
    [1, 0, 40],
    [1, 1, 39],
    [2, 1, 39],
  ])
})

test('cumulative flow takes in what is dated before its days, or after them by a clock ahead', () => {
  const { events } = history()
    .create('2026-03-01T09:00:00Z', 1, 1)
    .create('2027-03-03T09:00:00Z', 2, 1, 'blocked')
    .move('2026-03-03T09:00:00Z', 1, 'in_progress')
  const days = cumulativeFlow(movesOf(events, march(2, 4)), march(2, 4))
  expect(days.map(({ tasks }) => [tasks.todo, tasks.in_progress, tasks.blocked])).toEqual([
    [1, 0, 0],
    [0, 1, 0],
    [0, 1, 1],
  ])
})

test('no status ever holds fewer cards than none', () => {
  // The card was made before anybody told of it.
  const { events } = history()
    .create('2026-03-01T09:00:00Z', 1, 1)
    .move('2026-03-03T09:00:00Z', 1, 'done')
  const told = movesOf(events.slice(1), march(3, 3))
  const counted = [{ day: 0, from: 'todo', to: 'done', cards: 1 }] as const
  for (const moves of [told, counted]) {
    expect(cumulativeFlow(moves, march(3, 3))[0]?.tasks).toMatchObject({ todo: 0, done: 1 })
  }
})
