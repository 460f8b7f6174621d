import { expect, test } from 'vitest'
import type { Json } from '../../../support/api.ts'
import { checkedApi } from '../../support/checked-api.ts'
import { expectConsistent } from '../../support/consistent.ts'

const api = await checkedApi()
const project = await api.project()
const update = (tasks: readonly Json[], changes: object, more: object = {}) =>
  api.post('/tasks/actions/update', { task_ids: tasks.map((it) => it.id), changes, ...more })
const eventsOf = async (task: Json, type: string) =>
  (await api.get(`/events?entity_type=task&entity_id=${task.id}&type=${type}`)).body.items

async function tasksIn(sprintId: number | null, count: number, fields: object = {}) {
  const made: Json[] = []
  for (let left = count; left > 0; left--) {
    made.push(await api.task(project.id, { sprint_id: sprintId, ...fields }))
  }
  return made
}

test('many tasks change at once, with the events that single edits record', async () => {
  const sprint = await api.sprint(project.id)
  const tasks = await tasksIn(sprint.id, 3, { labels: ['old'] })
  const changes = { board_status: 'review', assignee: 'ada', labels_add: ['new'], story_points: 8 }
  const { body } = await update(tasks, changes)
  expect(body.refused).toEqual([])
  expect(body.updated.map((it: Json) => it.id)).toEqual(tasks.map((it) => it.id))
  for (const task of body.updated) {
    expect(task).toMatchObject({ board_status: 'review', assignee: 'ada', labels: ['old', 'new'] })
    expect(await eventsOf(task, 'task.status_changed')).toHaveLength(1)
    expect(await eventsOf(task, 'task.estimated')).toHaveLength(1)
    const [told] = await eventsOf(task, 'task.updated')
    expect(Object.keys(told.payload.changes).sort()).toEqual(['assignee', 'hand_set', 'labels'])
  }
  await update(tasks, changes)
  expect(await eventsOf(tasks[0], 'task.status_changed')).toHaveLength(1)
  await expectConsistent(api.database)
})

test('each refused task is listed with its rule, and the others are done', async () => {
  const closed = await api.sprint(project.id)
  const [kept] = await tasksIn(closed.id, 1, { board_status: 'done' })
  await api.post(`/sprints/${closed.id}/actions/start`)
  await api.post(`/sprints/${closed.id}/actions/complete`)
  const open = await api.sprint(project.id)
  const [loose] = await tasksIn(null, 1)
  const [good] = await tasksIn(open.id, 1)
  const other = await api.project()
  const foreign = await api.task(other.id)
  const unknown = { id: 999_999_999 }

  const { body } = await update([kept, loose, good, unknown], { board_status: 'review' })
  expect(body.updated).toMatchObject([{ id: good.id, board_status: 'review' }])
  expect(body.refused).toMatchObject([
    { task_id: kept.id, code: 'conflict', rule: 'closed_sprint_is_read_only' },
    { task_id: loose.id, code: 'conflict', rule: 'no_orphan_task' },
    { task_id: unknown.id, code: 'not_found', rule: 'exists' },
  ])
  expect((await api.get(`/tasks/${kept.id}`)).body.board_status).toBe('done')

  const taken = await update([loose, foreign], { sprint_id: open.id })
  expect(taken.body.updated).toMatchObject([
    { id: loose.id, sprint_id: open.id, board_status: 'todo' },
  ])
  expect(taken.body.refused).toMatchObject([{ task_id: foreign.id, rule: 'same_project' }])
})

test('what was seen otherwise is refused for that task alone', async () => {
  const sprint = await api.sprint(project.id)
  const [one, two] = await tasksIn(sprint.id, 2, { priority: 'low' })
  await api.patch(`/tasks/${one.id}`, { priority: 'high' })
  const { body } = await update(
    [one, two],
    { priority: 'critical' },
    { expected: { priority: 'low' } },
  )
  expect(body.updated).toMatchObject([{ id: two.id, priority: 'critical' }])
  expect(body.refused).toMatchObject([{ task_id: one.id, rule: 'task_changed_meanwhile' }])
})

test('cards drive their steps, keep out of their way, and say what they wait for', async () => {
  const { card, step } = await api.linkedRun(project.id, [
    { step_name: 'a' },
    { step_name: 'b', depends_on: ['a'] },
    { step_name: 'c' },
  ])
  await api.act(step('c'), 'start')
  await api.settled()
  const cards = [await card('b'), await card('c')]
  const { body } = await update(cards, { board_status: 'done' })
  expect(body.updated).toMatchObject([{ board_status: 'done' }, { board_status: 'in_progress' }])
  const warned = body.warnings.map((it: Json) => it.task_id)
  expect(warned.sort()).toEqual(cards.map((it) => it.id).sort())
  expect((await api.get(`/steps/${step('b').id}`)).body.status).toBe('completed')
  await expectConsistent(api.database)
})

test('a repeat with its key does nothing again, and bad input is named', async () => {
  const sprint = await api.sprint(project.id)
  const tasks = await tasksIn(sprint.id, 2)
  const headers = { 'Idempotency-Key': 'bulk-1' }
  const body = { task_ids: tasks.map((it) => it.id), changes: { priority: 'high' } }
  const first = await api.post('/tasks/actions/update', body, { headers })
  await update(tasks, { priority: 'low' })
  const again = await api.post('/tasks/actions/update', body, { headers })
  expect(again.body).toEqual(first.body)
  expect((await api.get(`/tasks/${tasks[0].id}`)).body.priority).toBe('low')
  expect(await update(tasks, {})).toMatchObject({
    status: 422,
    body: { errors: [{ field: 'changes', message: 'must name what to change' }] },
  })
  expect(await update([], { priority: 'low' })).toMatchObject({ status: 422 })
})
