import { expect, test } from 'vitest'
import type { TaskEdit } from '../../../console/src/edits/changes.ts'
import { seenOf } from '../../../console/src/edits/changes.ts'
import type { Entry } from '../../../console/src/edits/entry.ts'
import { overlay } from '../../../console/src/edits/overlay.ts'
import { task } from '../support/task.ts'

const entry = (...edits: TaskEdit[]): Entry => ({
  ...{ key: 'k', label: '', group: 'g', undoes: false, place: null, sent: false },
  items: edits.map((it) => ({ ...it, expected: seenOf(it) })),
})
const here = (it: { sprint_id: number | null }) => it.sprint_id === 1

test('edits lie over the cards, the last one on top, and leave no trace when they end', () => {
  const tasks = [task(), task({ id: 2 })]
  const [first = task()] = tasks
  const entries = [
    entry({ task: first, changes: { board_status: 'review', title: 'Renamed' } }),
    entry({ task: first, changes: { board_status: 'blocked', blocked_reason: 'waiting' } }),
  ]
  const shown = overlay(tasks, entries, here)
  expect(shown[0]).toMatchObject({
    title: 'Renamed',
    board_status: 'blocked',
    blocked_reason: 'waiting',
  })
  expect(shown[1]).toBe(tasks[1])
  expect(overlay(tasks, [], here)).toBe(tasks)
})

test('a skipped card that is moved by hand counts again', () => {
  const skipped = task({ board_status: 'done', skipped: true })
  const moved = entry({ task: skipped, changes: { board_status: 'todo' } })
  expect(overlay([skipped], [moved], here)[0]?.skipped).toBe(false)
})

test('a card goes from its list to the one it is moved to, in the column it gets there', () => {
  const loose = task({ id: 7, sprint_id: null, board_status: 'backlog' })
  const moved = [entry({ task: loose, changes: { sprint_id: 1 } })]
  expect(overlay([loose], moved, (it) => it.sprint_id === null)).toEqual([])
  expect(overlay([], moved, here)).toMatchObject([{ id: 7, board_status: 'todo' }])
})
