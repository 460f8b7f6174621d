import { expect, test } from 'vitest'
import { plannedOf, verdictOn } from '../../console/src/sprint/commitment.ts'
import { task } from './support/task.ts'

const past = { sprints_counted: 3, mean: 30, min: 24, max: 36, standard_deviation: 6 }
const plan = (points: number) => ({ points, cards: 1, unestimated: 0 })

test('what a sprint would commit to leaves out skipped and archived cards', () => {
  const tasks = [
    task({ story_points: 3 }),
    task({ story_points: null }),
    task({ story_points: 5, skipped: true }),
    task({ story_points: 8, board_status: 'archived' }),
  ]
  expect(plannedOf(tasks)).toEqual({ points: 3, cards: 2, unestimated: 1 })
})

test('a plan is held against the last sprints, and against its capacity', () => {
  expect(verdictOn(plan(40), past, null)).toEqual({
    amount: '40 of about 30 ± 6 points',
    judgement: 'more than in any of the last 3 sprints',
    over: true,
  })
  expect(verdictOn(plan(20), past, 25)).toMatchObject({
    judgement: 'less than in any of the last 3 sprints; 5 left of the capacity of 25',
    over: false,
  })
  expect(verdictOn(plan(26), past, 25).over).toBe(true)
})

test('without a closed sprint there is nothing to compare with', () => {
  const none = { sprints_counted: 0, mean: null, min: null, max: null, standard_deviation: null }
  expect(verdictOn(plan(3), none, null)).toEqual({
    amount: '3 points',
    judgement: 'no closed sprint yet to compare with',
    over: false,
  })
})
