import { describe, expect, test } from 'vitest'
import { keepUnchangedLanes, type LaneKind, lanesOf } from '../../console/src/board/lanes.ts'
import {
  hiddenColumnsOf,
  laneKindOf,
  withHiddenColumns,
  withLanes,
} from '../../console/src/board/view-query.ts'
import { task } from './support/task.ts'

const cards = [
  task({ id: 1, assignee: 'bob', labels: ['api', 'US10'], protocol_run_id: 7 }),
  task({ id: 2, assignee: 'anna', labels: ['US2'], board_status: 'done', story_points: 5 }),
  task({ id: 3, assignee: null, labels: [], board_status: 'review' }),
]
const lanes = (kind: LaneKind, hidden: Parameters<typeof lanesOf>[3] = new Set()) =>
  lanesOf(cards, kind, [], hidden)

describe('lanes', () => {
  test('stand by their names, numbers as numbers, what has none of it last', () => {
    expect(lanes('assignee').map(({ name }) => name)).toEqual(['anna', 'bob', 'Nobody'])
    expect(lanes('story').map(({ name }) => name)).toEqual(['US2', 'US10', 'No user story'])
    expect(lanes('protocol').map(({ name }) => name)).toEqual(['#7', 'No run'])
  })

  test('tell what they hold, and have the columns of the whole board', () => {
    const [anna, bob] = lanes('assignee')
    expect(anna).toMatchObject({ cards: 1, points: 5 })
    expect(anna?.columns.map(({ status }) => status)).toEqual(
      bob?.columns.map(({ status }) => status),
    )
  })

  test('are the stories by which cards are filtered, the first of a card of two', () => {
    const ofTwo = [task({ id: 4, labels: ['us2/US10'] })]
    expect(lanesOf(ofTwo, 'story', [], new Set()).map(({ name }) => name)).toEqual(['US2'])
  })

  test('are left out when only hidden columns hold their cards', () => {
    expect(lanes('assignee', new Set(['done'])).map(({ name }) => name)).toEqual(['bob', 'Nobody'])
  })

  test('are one without a kind, even with no card', () => {
    expect(lanes('none')).toHaveLength(1)
    expect(lanesOf([], 'none', [], new Set())).toHaveLength(1)
  })

  test('stay the same object where no card of theirs changed', () => {
    const before = lanes('assignee')
    const moved = cards.map((it) => (it.id === 1 ? { ...it, board_status: 'done' as const } : it))
    const after = keepUnchangedLanes(before, lanesOf(moved, 'assignee', [], new Set()))
    expect(after.map((lane, index) => lane === before[index])).toEqual([true, false, true])
  })
})

test('the address says the lanes and the hidden columns, and nothing of what it has wrong', () => {
  const query = withHiddenColumns(
    withLanes(new URLSearchParams('q=x'), 'story'),
    new Set(['done', 'review']),
  )
  expect(`${query}`).toBe('q=x&lanes=story&hide=review%2Cdone')
  expect(laneKindOf(query)).toBe('story')
  expect([...hiddenColumnsOf(query)]).toEqual(['review', 'done'])
  expect(`${withHiddenColumns(withLanes(query, 'none'), new Set())}`).toBe('q=x')
  const wrong = new URLSearchParams('lanes=moon&hide=nowhere,done')
  expect(laneKindOf(wrong)).toBe('none')
  expect([...hiddenColumnsOf(wrong)]).toEqual(['done'])
})
