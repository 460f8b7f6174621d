import { expect, test } from 'vitest'
import type { Json } from '../../../support/api.ts'
import { checkedApi } from '../../support/checked-api.ts'
import { expectConsistent } from '../../support/consistent.ts'

const api = await checkedApi()
const project = await api.project()
const member = (await api.post('/tokens', { name: 'member', role: 'member' })).body.secret
const act = (sprint: Json, action: string, body?: object, token?: string) =>
  api.post(`/sprints/${sprint.id}/actions/${action}`, body, token ? { token } : {})
const task = (sprint: Json, story_points: number) =>
  api.task(project.id, { sprint_id: sprint.id, story_points })
const edit = (it: Json, fields: object) => api.patch(`/tasks/${it.id}`, fields)
const done = (it: Json) => edit(it, { board_status: 'done' })
const taskOf = async (it: Json) => (await api.get(`/tasks/${it.id}`)).body
const rowOf = async (sprint: Json) => {
  await api.settled()
  return (await api.get(`/sprints/${sprint.id}`)).body
}
const told = async (sprint: Json, type: string) =>
  (await api.get(`/events?type=sprint.${type}&entity_id=${sprint.id}`)).body.items
const transition = { status: 409, body: { rule: 'sprint_transition' } }

test('the report says how the scope changed after the start: added, removed, estimated anew', async () => {
  const sprint = await api.sprint(project.id)
  const [kept, gone, archived, grown] = [
    await task(sprint, 3),
    await task(sprint, 5),
    await task(sprint, 8),
    await task(sprint, 1),
  ]
  await act(sprint, 'start')
  await task(sprint, 2)
  await edit(gone, { sprint_id: null })
  await api.delete(`/tasks/${archived.id}`)
  await edit(grown, { story_points: 13 })
  await done(kept)
  await done(grown)
  // 17 committed; + 2 added - 5 taken out - 8 archived + 12 estimated anew = 18 in the end.
  expect((await act(sprint, 'complete')).body.report).toMatchObject({
    committed_points: 17,
    scope_change_points: 1,
    completed_points: 16,
    completed_initial_points: 16,
    say_do: 16 / 17,
    predictability: 16 / 17,
    carried_over_points: 2,
  })
})

test('an active sprint can fail, with a reason: reported, closed, and what is left moves on', async () => {
  const sprint = await api.sprint(project.id)
  const next = await api.sprint(project.id, { code: 'AFTER-FAILURE' })
  const [kept, left] = [await task(sprint, 3), await task(sprint, 5)]
  const why = { reason: 'the supplier left', carry_over_to: next.code }
  expect(await act(sprint, 'fail', why)).toMatchObject(transition)
  expect(await act(sprint, 'fail', {})).toMatchObject({
    status: 422,
    body: { errors: [{ field: 'reason' }] },
  })
  await act(sprint, 'start')
  await done(kept)
  const failed = (await act(sprint, 'fail', why, member)).body
  expect(failed.report).toMatchObject({ completed_points: 3, carried_over_points: 5 })
  expect(failed.sprint).toMatchObject({ status: 'failed', velocity_actual: 3 })
  expect(failed.sprint.completed_at).not.toBeNull()
  expect(await taskOf(left)).toMatchObject({ sprint_id: next.id, board_status: 'todo' })
  expect((await act(sprint, 'fail', { reason: 'again' })).body).toEqual(failed)
  expect(await told(sprint, 'failed')).toMatchObject([
    { actor: 'member', payload: { ...failed.report, reason: 'the supplier left' } },
  ])
  for (const refused of [await act(sprint, 'complete'), await edit(kept, { title: 'Later' })]) {
    expect(refused).toMatchObject({ status: 409, body: { rule: 'closed_sprint_is_read_only' } })
  }
})

test('a sprint that has ended can be archived and keeps its report; its run keeps it', async () => {
  const { run, sprint, step, card } = await api.linkedRun(project.id, [{ step_name: 'a' }])
  expect(await api.delete(`/sprints/${sprint.id}`)).toMatchObject({
    status: 409,
    body: { rule: 'linked_sprint_stays' },
  })
  await api.act(step('a'), 'complete')
  await api.settled()
  const { report } = (await act(sprint, 'complete')).body
  const archived = await api.delete(`/sprints/${sprint.id}`)
  expect(archived).toMatchObject({ status: 200, body: { status: 'archived', report } })
  expect(await card('a')).toMatchObject({ sprint_id: sprint.id, board_status: 'done' })
  expect((await api.get(`/protocols/${run.id}/sprint`)).body.id).toBe(sprint.id)
  expect(await act(sprint, 'reopen', { reason: 'x' })).toMatchObject(transition)
  expect(await act(sprint, 'start')).toMatchObject(transition)
})

test('an admin reopens a sprint with a reason; start and commitment stay, the next close reports anew', async () => {
  const sprint = await api.sprint(project.id)
  const [first, second, carried] = [
    await task(sprint, 3),
    await task(sprint, 5),
    await task(sprint, 8),
  ]
  const started = (await act(sprint, 'start')).body
  await done(first)
  await done(second)
  const before = (await act(sprint, 'complete')).body.report
  expect(before).toMatchObject({ completed_points: 8, carried_over_points: 8 })

  expect((await act(sprint, 'reopen', { reason: 'x' }, member)).status).toBe(403)
  expect(await act(sprint, 'reopen', {})).toMatchObject({
    status: 422,
    body: { errors: [{ field: 'reason' }] },
  })
  const reason = 'closed a day too early'
  expect((await act(sprint, 'reopen', { reason })).body).toMatchObject({
    status: 'active',
    completed_at: null,
    report: null,
    started_at: started.started_at,
    committed_points: 16,
  })
  expect((await act(sprint, 'reopen', { reason })).status).toBe(200)
  expect(await told(sprint, 'reopened')).toMatchObject([
    { actor: 'admin', payload: { reason, from: 'completed' } },
  ])
  expect(await taskOf(carried)).toMatchObject({ sprint_id: null, board_status: 'backlog' })

  await edit(second, { board_status: 'todo' })
  expect(await rowOf(sprint)).toMatchObject({ velocity_actual: 3 })
  const after = (await act(sprint, 'complete')).body.report
  expect(after).toMatchObject({
    committed_points: 16,
    scope_change_points: -8,
    completed_points: 3,
    say_do: 3 / 16,
    carried_over_points: 5,
  })
  expect(await told(sprint, 'completed')).toMatchObject([{ payload: before }, { payload: after }])
})

test('a reopened sprint counts what an admin has changed in it meanwhile', async () => {
  const sprint = await api.sprint(project.id)
  const [one] = [await task(sprint, 3), await act(sprint, 'start')]
  await done(one)
  await act(sprint, 'complete')
  await edit(one, { story_points: 5, override_reason: 'misread' })
  expect(await rowOf(sprint)).toMatchObject({ velocity_actual: 3 })
  await act(sprint, 'reopen', { reason: 'to count it' })
  expect(await rowOf(sprint)).toMatchObject({ velocity_actual: 5 })
})

test('a failed sprint can be reopened, and only one that has ended', async () => {
  const sprint = await api.sprint(project.id)
  expect(await act(sprint, 'reopen', { reason: 'x' })).toMatchObject(transition)
  await act(sprint, 'start')
  await act(sprint, 'fail', { reason: 'x' })
  expect((await act(sprint, 'reopen', { reason: 'y' })).body.status).toBe('active')
  expect((await act(sprint, 'complete')).body.sprint.status).toBe('completed')
  expect(await act(sprint, 'fail', { reason: 'z' })).toMatchObject(transition)
})

test('what moves on at the close is told after it: it is no change of the scope', async () => {
  const sprint = await api.sprint(project.id)
  await task(sprint, 3)
  await act(sprint, 'complete')
  const { items } = (await api.get(`/events?sprint_id=${sprint.id}`)).body
  const types = items.map((it: Json) => it.type)
  expect(types.indexOf('task.removed_from_sprint')).toBeGreaterThan(
    types.indexOf('sprint.completed'),
  )
})

test('nothing is left inconsistent', async () => {
  await api.settled()
  await expectConsistent(api.database)
})
