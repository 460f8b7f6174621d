import { describe, expect, test } from 'vitest'
import { burndown, guideline } from '../../../../api/core/metrics/burndown.ts'
import { burnup } from '../../../../api/core/metrics/burnup.ts'
import { ledgerOf } from '../../../../api/core/metrics/sprint-ledger.ts'
import { history } from './history.ts'

const now = Date.parse('2026-03-20T12:00:00Z')
const line = (story: ReturnType<typeof history>, until = now) =>
  burndown(ledgerOf(story.events), until).map(({ at, remaining, scope, done, scopeChange }) => [
    new Date(at).toISOString().slice(5, 16),
    remaining,
    scope,
    done,
    scopeChange,
  ])

const planned = () =>
  history()
    .create('2026-03-01T10:00:00Z', 1, 5)
    .create('2026-03-01T10:00:00Z', 2, 3)
    .create('2026-03-01T10:00:00Z', 3, null)

describe('the burndown', () => {
  test('goes from what was committed, down with each task done, to the actual close', () => {
    const story = planned()
      .start('2026-03-02T09:00:00Z')
      .move('2026-03-03T09:00:00Z', 1, 'in_progress')
      .move('2026-03-04T09:00:00Z', 1, 'done')
      .close('2026-03-06T17:00:00Z')
    // 5 + 3 + nothing for the one without an estimate = 8; 8 - 5 = 3, which is carried over.
    expect(line(story)).toEqual([
      ['03-02T09:00', 8, 8, 0, 0],
      ['03-04T09:00', 3, 8, 5, 0],
      ['03-06T17:00', 3, 8, 5, 0],
    ])
    const ledger = ledgerOf(story.events)
    expect(ledger).toMatchObject({
      committed: 8,
      completed: 5,
      completedInitial: 5,
      unestimated: 1,
    })
  })

  test('marks each change of scope, and re-estimating is never burn', () => {
    const story = planned()
      .start('2026-03-02T09:00:00Z')
      .estimate('2026-03-03T09:00:00Z', 3, 2)
      .create('2026-03-04T09:00:00Z', 4, 8)
      .estimate('2026-03-05T09:00:00Z', 1, 1)
      .remove('2026-03-06T09:00:00Z', 2)
      .move('2026-03-07T09:00:00Z', 4, 'archived')
    // 8, +2 = 10, +8 = 18, 1 instead of 5 = 14, -3 = 11, -8 = 3; nothing of it was done.
    expect(line(story, Date.parse('2026-03-07T09:00:00Z'))).toEqual([
      ['03-02T09:00', 8, 8, 0, 0],
      ['03-03T09:00', 10, 10, 0, 2],
      ['03-04T09:00', 18, 18, 0, 8],
      ['03-05T09:00', 14, 14, 0, -4],
      ['03-06T09:00', 11, 11, 0, -3],
      ['03-07T09:00', 3, 3, 0, -8],
    ])
    expect(ledgerOf(story.events).scopeChanges.map(({ kind, taskId }) => [kind, taskId])).toEqual([
      ['estimated', 3],
      ['added', 4],
      ['estimated', 1],
      ['removed', 2],
      ['removed', 4],
    ])
  })

  test('rises again when a task is reopened', () => {
    const story = planned()
      .start('2026-03-02T09:00:00Z')
      .move('2026-03-03T09:00:00Z', 1, 'done')
      .move('2026-03-04T09:00:00Z', 1, 'in_progress')
    expect(line(story).map(([, remaining]) => remaining)).toEqual([8, 3, 8, 8])
  })

  test('leaves a skipped task out: it was not done, and it is no longer to do', () => {
    const story = planned()
      .start('2026-03-02T09:00:00Z')
      .move('2026-03-03T09:00:00Z', 1, 'done', true)
    // 8 - 5 = 3 of scope and of work left; done stays 0.
    expect(line(story).at(-1)).toEqual(['03-20T12:00', 3, 3, 0, 0])
    expect(ledgerOf(story.events).completed).toBe(0)
  })

  test('counts what was done before the start as committed, but neither as left nor as completed', () => {
    const story = planned()
      .move('2026-03-01T11:00:00Z', 1, 'done')
      .start('2026-03-02T09:00:00Z')
      .move('2026-03-03T09:00:00Z', 2, 'done')
      .close('2026-03-04T09:00:00Z')
    // Scope 8, of which 5 were done: 3 left, then 8 - (5 + 3) = 0. Completed: 3, not 8.
    expect(line(story).map(([, remaining, , done]) => [remaining, done])).toEqual([
      [3, 5],
      [0, 8],
      [0, 8],
    ])
    expect(ledgerOf(story.events)).toMatchObject({ doneBeforeStart: 5, completed: 3 })
  })

  test('a task first seen as done, as a box ticked before its import, was not completed here', () => {
    const story = planned().start('2026-03-02T09:00:00Z')
    story.create('2026-03-03T09:00:00Z', 4, 2, 'done')
    const imported = story.events.at(-1)
    if (imported) imported.completed_at = null
    // Scope and done grow by 2 alike, so what is left stays 8.
    expect(line(story).at(-1)).toEqual(['03-20T12:00', 8, 10, 2, 0])
    expect(ledgerOf(story.events).completed).toBe(0)
  })

  test('completed counts tasks added after the start, completed (initial) does not', () => {
    const story = planned()
      .start('2026-03-02T09:00:00Z')
      .add('2026-03-03T09:00:00Z', 9, 4, 'in_progress')
      .move('2026-03-04T09:00:00Z', 9, 'done')
      .move('2026-03-04T10:00:00Z', 2, 'done')
      .close('2026-03-05T09:00:00Z')
    // 4 + 3 = 7 completed, 3 of the 8 committed; carried over: 8 + 4 - 7 = 5.
    expect(ledgerOf(story.events)).toMatchObject({ completed: 7, completedInitial: 3 })
    expect(line(story).at(-1)).toEqual(['03-05T09:00', 5, 12, 7, 0])
  })

  test('what is carried over at the close, and whatever comes after it, is not in it', () => {
    const story = planned()
      .start('2026-03-02T09:00:00Z')
      .close('2026-03-05T09:00:00Z')
      .remove('2026-03-05T09:00:00Z', 1)
      .remove('2026-03-05T09:00:00Z', 2)
      .move('2026-03-09T09:00:00Z', 3, 'archived')
    expect(line(story).at(-1)).toEqual(['03-05T09:00', 8, 8, 0, 0])
    expect(ledgerOf(story.events).scopeChanges).toEqual([])
  })

  test('a reopened sprint goes on without what was carried over', () => {
    const story = planned()
      .start('2026-03-02T09:00:00Z')
      .close('2026-03-05T09:00:00Z')
      .remove('2026-03-05T09:00:00Z', 1)
      .reopen('2026-03-06T09:00:00Z')
      .move('2026-03-07T09:00:00Z', 2, 'done')
      .close('2026-03-08T09:00:00Z')
    // 8, then 8 - 5 = 3 from the reopening on, then 3 - 3 = 0.
    expect(line(story)).toEqual([
      ['03-02T09:00', 8, 8, 0, 0],
      ['03-05T09:00', 8, 8, 0, 0],
      ['03-06T09:00', 3, 3, 0, -5],
      ['03-07T09:00', 0, 3, 3, 0],
      ['03-08T09:00', 0, 3, 3, 0],
    ])
  })

  test('what was carried over leaves a sprint that is reopened twice once only', () => {
    const story = planned()
      .start('2026-03-02T09:00:00Z')
      .close('2026-03-05T09:00:00Z')
      .remove('2026-03-05T09:00:00Z', 1)
      .reopen('2026-03-06T09:00:00Z')
      .close('2026-03-07T09:00:00Z')
      .remove('2026-03-07T09:00:00Z', 2)
      .reopen('2026-03-08T09:00:00Z')
    // 8 - 5 = 3, then 3 - 3 = 0.
    expect(ledgerOf(story.events).scopeChanges.map((it) => [it.taskId, it.points])).toEqual([
      [1, -5],
      [2, -3],
    ])
  })

  test('changes of one moment are one point', () => {
    const story = planned()
      .start('2026-03-02T09:00:00Z')
      .add('2026-03-03T09:00:00Z', 4, 2)
      .remove('2026-03-03T09:00:00Z', 1)
    // + 2 - 5 = -3.
    expect(line(story, 0).slice(1)).toEqual([['03-03T09:00', 5, 5, 0, -3]])
  })

  test('time does not run backwards where a clock did', () => {
    const story = planned()
      .start('2026-03-02T09:00:00Z')
      .move('2026-03-03T09:00:00Z', 1, 'done')
      .move('2026-03-03T08:00:00Z', 2, 'done')
      .move('2026-03-03T10:00:00Z', 3, 'archived')
      .create('2026-03-03T11:00:00Z', 4, 1)
      .close('2026-03-03T07:00:00Z')
    expect(line(story).map(([at, remaining]) => [at, remaining])).toEqual([
      ['03-02T09:00', 8],
      ['03-03T09:00', 0],
      ['03-03T11:00', 1],
    ])
  })

  test('a sprint that was completed without a start ran since it was made', () => {
    const story = planned()
      .move('2026-03-04T09:00:00Z', 1, 'done')
      .start('2026-03-06T09:00:00Z', null, '2026-03-01T08:00:00Z')
      .close('2026-03-06T09:00:00Z')
    expect(line(story)).toEqual([
      ['03-01T08:00', 8, 8, 0, 0],
      ['03-04T09:00', 3, 8, 5, 0],
      ['03-06T09:00', 3, 8, 5, 0],
    ])
  })

  test('has no line before the start', () => {
    expect(line(planned())).toEqual([])
    expect(burnup(ledgerOf(planned().events), now)).toEqual([])
  })

  test('the burnup shows the same scope, and what is done', () => {
    const story = planned().start('2026-03-02T09:00:00Z').move('2026-03-03T09:00:00Z', 1, 'done')
    expect(burnup(ledgerOf(story.events), now).map((it) => [it.scope, it.completed])).toEqual([
      [8, 0],
      [8, 5],
      [8, 5],
    ])
  })
})

describe('the guideline', () => {
  const utc = { timeZone: 'UTC', workingDays: [1, 2, 3, 4, 5] }
  const ideal = (start: string, end: string | null, calendar = utc) =>
    guideline(ledgerOf(planned().start(start, end).events), calendar).map(({ at, remaining }) => [
      new Date(at).toISOString().slice(5, 16),
      Number(remaining.toFixed(3)),
    ])

  test('falls from what was committed to 0 at the planned end, and rests on days off', () => {
    // Friday 6 March to Tuesday 10 March: Friday and Monday are worked on, 4 points each.
    expect(ideal('2026-03-06T00:00:00Z', '2026-03-10T00:00:00Z')).toEqual([
      ['03-06T00:00', 8],
      ['03-07T00:00', 4],
      ['03-08T00:00', 4],
      ['03-09T00:00', 4],
      ['03-10T00:00', 0],
    ])
  })

  test('counts parts of days: a start at noon leaves half a day', () => {
    // Half a Monday and a whole Tuesday: 8 / 1.5 points a day, so 2.667 and then 5.333.
    expect(ideal('2026-03-02T12:00:00Z', '2026-03-04T00:00:00Z')).toEqual([
      ['03-02T12:00', 8],
      ['03-03T00:00', 5.333],
      ['03-04T00:00', 0],
    ])
  })

  test('a day of the zone counts once, also the one with 23 hours', () => {
    // Clocks went forward on Sunday 29 March in Berlin, so Monday begins at 22:00 UTC.
    const berlin = { timeZone: 'Europe/Berlin', workingDays: [1, 6, 7] }
    expect(ideal('2026-03-27T23:00:00Z', '2026-03-30T22:00:00Z', berlin)).toEqual([
      ['03-27T23:00', 8],
      ['03-28T23:00', 5.333],
      ['03-29T22:00', 2.667],
      ['03-30T22:00', 0],
    ])
  })

  test('a weekend sprint burns on the weekend, and one without an end has no guideline', () => {
    expect(ideal('2026-03-07T00:00:00Z', '2026-03-09T00:00:00Z').map(([, left]) => left)).toEqual([
      8, 4, 0,
    ])
    expect(ideal('2026-03-07T00:00:00Z', null)).toEqual([])
  })

  test('of a sprint that is planned for ages is straight, and soon there', () => {
    expect(ideal('2026-03-02T00:00:00Z', '8999-01-01T00:00:00Z')).toEqual([
      ['03-02T00:00', 8],
      ['01-01T00:00', 0],
    ])
  })

  test('is not moved by what happens after the start', () => {
    const start = planned().start('2026-03-02T00:00:00Z', '2026-03-06T00:00:00Z')
    const before = guideline(ledgerOf(start.events), utc)
    start.create('2026-03-03T00:00:00Z', 4, 100).move('2026-03-04T00:00:00Z', 1, 'done')
    expect(guideline(ledgerOf(start.events), utc)).toEqual(before)
  })
})
