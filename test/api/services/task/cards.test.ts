import { expect, test } from 'vitest'
import type { Json } from '../../../support/api.ts'
import { checkedApi } from '../../support/checked-api.ts'
import { expectConsistent } from '../../support/consistent.ts'

const api = await checkedApi()
const project = await api.project()
const plan = (...names: string[]) => names.map((step_name) => ({ step_name }))
const move = (card: Json, board_status: string, fields: object = {}) =>
  api.patch(`/tasks/${card.id}`, { board_status, ...fields })
const statusOf = async (step: Json) => (await api.get(`/steps/${step.id}`)).body.status
const conflictsOf = async (card: Json) =>
  (await api.get(`/conflicts?task_id=${card.id}`)).body.items

test('every status of a step shows on its card, with the reason where it is blocked', async () => {
  const { card, step } = await api.linkedRun(project.id, plan('a'))
  const follow = async (action: string, column: string, reason: string | null = null) => {
    await api.act(step('a'), action, { reason })
    await api.settled()
    expect(await card('a')).toMatchObject({ board_status: column })
    return card('a')
  }
  expect(await card('a')).toMatchObject({ board_status: 'todo', started_at: null })
  expect((await follow('start', 'in_progress')).started_at).not.toBeNull()
  await follow('submit-qa', 'review')
  expect((await follow('complete', 'done')).completed_at).not.toBeNull()
  expect(await follow('retry', 'todo')).toMatchObject({ completed_at: null, started_at: null })
  expect(await follow('fail', 'blocked', 'no network')).toMatchObject({
    blocked_reason: 'no network',
  })
  expect(await follow('retry', 'todo')).toMatchObject({ blocked_reason: null })
  await follow('start', 'in_progress')
  expect((await follow('timeout', 'blocked')).blocked_reason).toContain('timeout')
  expect(await follow('skip', 'done')).toMatchObject({ skipped: true })
  await follow('retry', 'todo')
  await follow('block', 'blocked', 'needs a key')
  await follow('cancel', 'archived')
})

test('without disagreement the card drives its step', async () => {
  const { card, step } = await api.linkedRun(project.id, plan('a'))
  const drive = async (column: string, status: string, fields: object = {}) => {
    const answer = await move(await card('a'), column, fields)
    expect(answer).toMatchObject({ status: 200, body: { board_status: column, warnings: [] } })
    expect(await statusOf(step('a'))).toBe(status)
    await api.settled()
    expect(await card('a')).toMatchObject({ board_status: column })
  }
  await drive('blocked', 'blocked', { blocked_reason: 'waiting for review' })
  expect((await card('a')).blocked_reason).toBe('waiting for review')
  await drive('todo', 'pending')
  await drive('done', 'completed')
  expect(await conflictsOf(await card('a'))).toEqual([])
})

test('a card moved against a step at work stays, and both sides are recorded once', async () => {
  const { card, step } = await api.linkedRun(project.id, plan('a'))
  await api.act(step('a'), 'start')
  await api.settled()
  const moved = await move(await card('a'), 'done', { title: 'Renamed all the same' })
  expect(moved.body).toMatchObject({ board_status: 'in_progress', title: 'Renamed all the same' })
  expect(moved.body.warnings[0]).toContain('wins')
  await move(await card('a'), 'done')
  expect(await statusOf(step('a'))).toBe('running')
  expect(await conflictsOf(await card('a'))).toMatchObject([
    { source: 'protocol', field: 'board_status', board_value: 'done', other_value: 'running' },
  ])
  const deleted = await api.delete(`/tasks/${(await card('a')).id}`)
  expect(deleted.body.board_status).toBe('in_progress')
})

test('a hand move is never refused for dependencies, only warned about', async () => {
  const sprint = await api.sprint(project.id)
  const [first, second] = [
    await api.task(project.id, { sprint_id: sprint.id }),
    await api.task(project.id, { sprint_id: sprint.id }),
  ]
  const edge = { depends_on_id: first.id }
  expect((await api.post(`/tasks/${second.id}/dependencies`, edge)).status).toBe(201)
  expect((await api.post(`/tasks/${second.id}/dependencies`, edge)).status).toBe(200)
  const moved = await move(second, 'done')
  expect(moved).toMatchObject({ status: 200, body: { board_status: 'done' } })
  expect(moved.body.warnings[0]).toContain(first.code)
  expect(
    await api.post(`/tasks/${first.id}/dependencies`, { depends_on_id: second.id }),
  ).toMatchObject({ status: 409, body: { rule: 'no_dependency_cycle' } })
  expect(
    await api.post(`/tasks/${first.id}/dependencies`, { depends_on_id: first.id }),
  ).toMatchObject({
    status: 422,
    body: { rule: 'no_self_dependency', errors: [{ field: 'depends_on_id' }] },
  })
})

test('fields set by hand survive every sync; the others follow the plan', async () => {
  const { run, card, step, sprint } = await api.linkedRun(project.id, plan('a', 'b'))
  const byHand = { priority: 'critical', story_points: 8, title: 'Mine', assignee: 'ada' }
  await api.patch(`/tasks/${(await card('b')).id}`, byHand)
  const next = [
    { step_name: 'b', story_points: 2, agent: 'codex' },
    { step_name: 'a', story_points: 2, agent: 'codex' },
  ]
  await api.put(`/protocols/${run.id}/steps`, { steps: next })
  await api.post(`/sprints/${sprint.id}/actions/sync-from-protocol`)
  await api.patch(`/steps/${step('b').id}`, { step_name: 'b2' })
  expect(await card('b')).toMatchObject({ ...byHand, position: 0 })
  expect(await card('a')).toMatchObject({ story_points: 2, assignee: 'codex', priority: 'medium' })
})

test('a task outside any sprint is in the backlog, whichever way it got there', async () => {
  const sprint = await api.sprint(project.id)
  const task = await api.task(project.id, { sprint_id: sprint.id })
  expect(task.board_status).toBe('todo')
  const out = await api.patch(`/tasks/${task.id}`, { sprint_id: null })
  expect(out.body).toMatchObject({ sprint_id: null, board_status: 'backlog' })
  expect(await move(task, 'in_progress')).toMatchObject({
    status: 409,
    body: { rule: 'no_orphan_task' },
  })
  const back = await api.patch(`/tasks/${task.id}`, { sprint_id: sprint.id })
  expect(back.body).toMatchObject({ sprint_id: sprint.id, board_status: 'todo' })
  const body = { project_id: project.id, title: 'T', board_status: 'todo' }
  expect(await api.post('/tasks', body)).toMatchObject({
    status: 422,
    body: { errors: [{ field: 'board_status' }] },
  })
})

test('a repeat of a change is no change', async () => {
  const sprint = await api.sprint(project.id)
  const task = await api.task(project.id, { sprint_id: sprint.id })
  const once = (await api.patch(`/tasks/${task.id}`, { title: 'New', labels: ['x'] })).body
  const twice = (await api.patch(`/tasks/${task.id}`, { title: 'New', labels: ['x'] })).body
  expect(twice.updated_at).toBe(once.updated_at)
  const events = await api.get(`/events?entity_type=task&entity_id=${task.id}&type=task.updated`)
  expect(events.body.items).toHaveLength(1)
})

test('nothing is left inconsistent', async () => {
  await api.settled()
  await expectConsistent(api.database)
})
