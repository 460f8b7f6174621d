import { describe, expect, test } from 'vitest'
import { refreshAfter } from '../../console/src/live/refresh.ts'
import { applyEvents, placeTask } from '../../console/src/live/task-events.ts'
import { event, task } from './support/task.ts'

const moved = (to: string, given: object = {}) =>
  event({
    type: 'task.status_changed',
    payload: { from: 'todo', to, reason: null, story_points: 3, skipped: false, source: 'step' },
    ...given,
  })

describe('events told to the cards', () => {
  test('a moved card changes its column, with the reason where it is blocked', () => {
    const blocked = moved('blocked', {
      payload: { from: 'todo', to: 'blocked', reason: 'no disk', skipped: false },
    })
    expect(applyEvents([task()], [blocked], 1)).toMatchObject([
      { board_status: 'blocked', blocked_reason: 'no disk' },
    ])
    const [after] = applyEvents([task()], [blocked, moved('in_progress')], 1)
    expect(after).toMatchObject({ board_status: 'in_progress', blocked_reason: null })
  })

  test('an event older than the card that was read is ignored', () => {
    const tasks = [task({ updated_at: '2026-01-03T00:00:00.000Z', board_status: 'done' })]
    expect(applyEvents(tasks, [moved('todo')], 1)).toBe(tasks)
  })

  test('a card that left the sprint leaves the board; one that came back stays', () => {
    const left = event({ type: 'task.removed_from_sprint', payload: { to_sprint_id: 2 } })
    expect(applyEvents([task()], [left], 1)).toEqual([])
    const kept = event({ type: 'task.removed_from_sprint', payload: { to_sprint_id: 1 } })
    expect(applyEvents([task()], [kept], 1)).toHaveLength(1)
  })

  test('an estimate shows at once', () => {
    const estimated = event({ type: 'task.estimated', payload: { from: 3, to: 8 } })
    expect(applyEvents([task()], [estimated], 1)[0]?.story_points).toBe(8)
  })

  test('nothing to do answers the very same list, so that nothing is drawn again', () => {
    const tasks = [task()]
    expect(applyEvents(tasks, [event({ type: 'sprint.velocity_updated' })], 1)).toBe(tasks)
    expect(applyEvents(tasks, [moved('done', { entity_id: 99 })], 1)).toBe(tasks)
    expect(applyEvents(tasks, [moved('todo')], 1)).toBe(tasks)
  })
})

describe('a card that was read again', () => {
  const newer = { updated_at: '2026-01-05T00:00:00.000Z' }

  test('takes its place, or a new one', () => {
    expect(placeTask([task()], task({ title: 'New', ...newer }), 1)).toMatchObject([
      { title: 'New' },
    ])
    expect(placeTask([task()], task({ id: 2 }), 1)).toHaveLength(2)
  })

  test('never puts an older state over a newer one', () => {
    const tasks = [task({ title: 'New', ...newer })]
    expect(placeTask(tasks, task({ title: 'Old' }), 1)).toBe(tasks)
  })

  test('goes when it is archived or of another sprint', () => {
    expect(placeTask([task()], task({ board_status: 'archived', ...newer }), 1)).toEqual([])
    expect(placeTask([task()], task({ sprint_id: 2, ...newer }), 1)).toEqual([])
    expect(placeTask([task()], task({ id: 2, sprint_id: null }), 1)).toHaveLength(1)
  })
})

describe('what is read again', () => {
  test('cards by their ids, very many as a list', () => {
    expect(refreshAfter([moved('done'), moved('todo')])).toMatchObject({
      taskIds: [1],
      allTasks: false,
      velocity: true,
    })
    const many = Array.from({ length: 201 }, (_, index) => moved('done', { entity_id: index + 1 }))
    expect(refreshAfter(many)).toMatchObject({ taskIds: [], allTasks: true })
  })

  test('an import or a sync reads the whole board', () => {
    expect(refreshAfter([event({ type: 'spec.tasks_imported' })]).allTasks).toBe(true)
    expect(refreshAfter([event({ type: 'sprint.synced' })]).allTasks).toBe(true)
  })

  test('a step reads the steps of its run and nothing of the sprint', () => {
    const step = event({ type: 'step.started', protocol_run_id: 7 })
    expect(refreshAfter([step])).toEqual({
      taskIds: [],
      allTasks: false,
      projects: false,
      sprint: false,
      velocity: false,
      specs: false,
      protocols: true,
      runIds: [7],
    })
  })
})
