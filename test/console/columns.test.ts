import { expect, test } from 'vitest'
import { columnsOf, keepUnchanged, progressOf } from '../../console/src/scrum/columns.ts'
import { task } from './support/task.ts'

test('columns come in the order of the work, the empty backlog and the archive hidden', () => {
  const columns = columnsOf([task({ board_status: 'archived' })])
  expect(columns.map((it) => it.status)).toEqual([
    'todo',
    'in_progress',
    'review',
    'testing',
    'blocked',
    'done',
  ])
  expect(columns.every((it) => it.tasks.length === 0)).toBe(true)
})

test('a backlog that holds something is shown first', () => {
  const [first] = columnsOf([task({ board_status: 'backlog' })])
  expect(first).toMatchObject({ status: 'backlog', points: 3 })
})

test('cards stand by position, then by age', () => {
  const [todo] = columnsOf([
    task({ id: 3, position: 1 }),
    task({ id: 2, position: 2 }),
    task({ id: 1, position: 1 }),
  ])
  expect(todo?.tasks.map((it) => it.id)).toEqual([1, 3, 2])
})

test('a column counts neither skipped cards nor missing estimates', () => {
  const columns = columnsOf([
    task({ id: 1, board_status: 'done', story_points: 5 }),
    task({ id: 2, board_status: 'done', story_points: 8, skipped: true }),
    task({ id: 3, board_status: 'done', story_points: null }),
  ])
  expect(columns.at(-1)).toMatchObject({ status: 'done', points: 5 })
})

test('progress splits the points by where they stand', () => {
  const progress = progressOf([
    task({ id: 1, board_status: 'done', story_points: 5 }),
    task({ id: 2, board_status: 'done', story_points: 8, skipped: true }),
    task({ id: 3, board_status: 'review', story_points: 2 }),
    task({ id: 4, board_status: 'blocked', story_points: 1 }),
    task({ id: 5, board_status: 'todo', story_points: 12 }),
    task({ id: 6, board_status: 'archived', story_points: 100 }),
  ])
  expect(progress).toEqual({
    total: 20,
    completed: 5,
    underWay: 2,
    blocked: 1,
    rate: 0.25,
    cards: 5,
    doneCards: 2,
  })
})

test('a sprint without points has a rate of 0, not NaN', () => {
  expect(progressOf([]).rate).toBe(0)
})

test('only a column whose cards changed is a new one', () => {
  const [first, second] = [task({ id: 1 }), task({ id: 2, board_status: 'done' })]
  const before = columnsOf([first, second])
  const after = keepUnchanged(before, columnsOf([first, { ...second, title: 'New' }]))
  const same = after.filter((column, index) => column === before[index])
  expect(same.map((it) => it.status)).not.toContain('done')
  expect(same).toHaveLength(before.length - 1)
  expect(after.at(-1)?.tasks[0]?.title).toBe('New')
})
