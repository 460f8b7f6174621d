import { expect, test } from 'vitest'
import { gap } from '../../../../api/core/ordering.ts'
import type { Json } from '../../../support/api.ts'
import { checkedApi } from '../../support/checked-api.ts'
import { expectConsistent } from '../../support/consistent.ts'

const api = await checkedApi()
const project = await api.project()
const named = (steps: Json[]) => steps.map((it) => it.step_name)
const put = (run: Json, steps: Json[]) => api.put(`/protocols/${run.id}/steps`, { steps })
const eventsOf = async (run: Json) =>
  (await api.get(`/events?protocol_run_id=${run.id}&limit=1000`)).body.items.length

test('a plan is put as a whole: steps are added, reordered, changed, and removed with their cards', async () => {
  const { run, sprint, step, card } = await api.linkedRun(project.id, [
    { step_name: 'a' },
    { step_name: 'b', depends_on: ['a'] },
    { step_name: 'c', depends_on: ['b'] },
  ])
  const [cardA, cardB] = [await card('a'), await card('b')]
  const answer = await put(run, [
    { step_name: 'new', step_type: 'testing' },
    { step_name: 'c', depends_on: ['new'], story_points: 13 },
    { step_name: 'a', depends_on: ['c'] },
  ])
  expect(named(answer.body.steps)).toEqual(['new', 'c', 'a'])
  expect(answer.body.steps.map((it: Json) => it.step_index)).toEqual([0, 1, 2])
  expect(answer.body.steps[2].id).toBe(step('a').id)
  expect(answer.body.steps[2].depends_on).toEqual([step('c').id])

  expect(await card('a')).toMatchObject({ id: cardA.id, position: 2 * gap, priority: 'medium' })
  expect(await card('c')).toMatchObject({ story_points: 13, position: gap })
  expect((await api.get(`/tasks/${cardB.id}`)).body.board_status).toBe('archived')
  const board = (await api.get(`/sprints/${sprint.id}/tasks`)).body.items
  expect(board.map((it: Json) => it.title).sort()).toEqual(['a', 'c', 'new'])
  const { depends_on } = (await api.get(`/tasks/${cardA.id}/dependencies`)).body
  expect(depends_on).toMatchObject([{ depends_on_id: (await card('c')).id, source: 'protocol' }])
  expect((await api.get(`/protocols/${run.id}/steps`)).body.items).toHaveLength(3)
})

test('the same plan again changes nothing, not even a time', async () => {
  const plan = [{ step_name: 'a' }, { step_name: 'b', depends_on: ['a'], agent: 'codex' }]
  const { run } = await api.linkedRun(project.id, plan)
  const before = (await api.get(`/protocols/${run.id}/steps`)).body
  const told = await eventsOf(run)
  await put(run, plan)
  expect((await api.get(`/protocols/${run.id}/steps`)).body).toEqual(before)
  expect(await eventsOf(run)).toBe(told)
})

test('a circle, a double name and an unknown dependency are refused by place', async () => {
  const { run } = await api.linkedRun(project.id, [{ step_name: 'a' }])
  const refused = async (steps: Json[], rule: string, field: string) =>
    expect(await put(run, steps)).toMatchObject({
      status: 422,
      body: { rule, errors: [{ field }] },
    })
  await refused(
    [
      { step_name: 'x' },
      { step_name: 'a', depends_on: ['b'] },
      { step_name: 'b', depends_on: ['a'] },
    ],
    'no_dependency_cycle',
    'steps.1.depends_on',
  )
  await refused(
    [{ step_name: 'a' }, { step_name: 'a' }],
    'step_name_unique_in_run',
    'steps.1.step_name',
  )
  await refused(
    [{ step_name: 'a', depends_on: ['z'] }],
    'dependency_exists',
    'steps.0.depends_on.0',
  )
  await refused(
    [{ step_name: 'a', depends_on: ['a'] }],
    'dependency_exists',
    'steps.0.depends_on.0',
  )
})

test('steps swap places and names', async () => {
  const { run, step } = await api.linkedRun(project.id, [{ step_name: 'a' }, { step_name: 'b' }])
  const swapped = await put(run, [{ step_name: 'b' }, { step_name: 'a' }])
  expect(swapped.body.steps.map((it: Json) => it.id)).toEqual([step('b').id, step('a').id])
  expect(await api.patch(`/steps/${step('a').id}`, { step_name: 'b' })).toMatchObject({
    status: 409,
    body: { rule: 'step_name_unique_in_run' },
  })
  for (const [id, step_name] of [
    [step('a').id, 'swap'],
    [step('b').id, 'a'],
    [step('a').id, 'b'],
  ]) {
    expect((await api.patch(`/steps/${id}`, { step_name })).body).toMatchObject({ step_name })
  }
})

test('a step that is named by its id keeps its card and its work under a new name', async () => {
  const { run, step, card } = await api.linkedRun(project.id, [
    { step_name: 'a' },
    { step_name: 'b' },
    { step_name: 'c', depends_on: ['a'] },
  ])
  await api.act(step('a'), 'complete')
  await api.settled()
  const before = await card('a')
  const answer = await put(run, [
    { step_name: 'new' },
    { step_name: 'c', depends_on: ['b'] },
    // a is b from now on, and b is gone.
    { step_id: step('a').id, step_name: 'b' },
  ])
  expect(answer.body.steps).toMatchObject([
    { step_name: 'new' },
    { id: step('c').id, depends_on: [step('a').id] },
    { id: step('a').id, step_name: 'b', status: 'completed', linked_task_id: before.id },
  ])
  expect(await card('a')).toMatchObject({
    id: before.id,
    title: 'b',
    board_status: 'done',
    position: 2 * gap,
    completed_at: before.completed_at,
  })
  expect(await card('b')).toMatchObject({ board_status: 'archived' })
  // Its old name is free for a step of its own.
  const again = await put(run, [
    { step_name: 'b' },
    { step_id: step('c').id, step_name: 'x' },
    { step_name: 'c' },
  ])
  expect(again.body.steps.map((it: Json) => it.id)).toEqual([
    step('a').id,
    step('c').id,
    expect.toSatisfy((id: number) => id > step('c').id),
  ])
  const foreign = await api.run(project.id, [{ step_name: 'x' }])
  for (const wrong of [foreign.steps[0].id, step('b').id, 999999]) {
    expect(await put(run, [{ step_id: wrong, step_name: 'x' }])).toMatchObject({
      status: 422,
      body: { rule: 'step_of_this_run', errors: [{ field: 'steps.0.step_id' }] },
    })
  }
  const twice = { step_id: step('a').id }
  expect(
    await put(run, [
      { ...twice, step_name: 'x' },
      { ...twice, step_name: 'y' },
    ]),
  ).toMatchObject({ status: 422, body: { errors: [{ field: 'steps.1.step_id' }] } })
})

test('a deleted step takes its card off the board; a running one stays', async () => {
  const { run, step, card } = await api.linkedRun(project.id, [
    { step_name: 'a' },
    { step_name: 'b', depends_on: ['a'] },
    { step_name: 'c' },
  ])
  const gone = (await card('a')).id
  const deleted = await api.delete(`/steps/${step('a').id}`)
  expect(deleted.body.deleted_at).not.toBeNull()
  expect((await api.get(`/tasks/${gone}`)).body.board_status).toBe('archived')
  expect((await api.get(`/steps/${step('b').id}`)).body.depends_on).toEqual([])
  expect(await api.post(`/steps/${step('a').id}/actions/start`)).toMatchObject({
    status: 409,
    body: { rule: 'step_is_deleted' },
  })
  await api.act(step('b'), 'start')
  const stays = { status: 409, body: { rule: 'running_step_stays' } }
  expect(await api.delete(`/steps/${step('b').id}`)).toMatchObject(stays)
  expect(await put(run, [{ step_name: 'c' }])).toMatchObject(stays)
  await api.act(step('b'), 'complete')
  await api.delete(`/steps/${step('c').id}`)
  expect((await api.get(`/protocols/${run.id}`)).body.status).toBe('completed')
})

test('a deleted name may come back, as a step and a card of its own', async () => {
  const { run, step } = await api.linkedRun(project.id, [{ step_name: 'a' }, { step_name: 'b' }])
  await put(run, [{ step_name: 'b' }])
  const back = await put(run, [{ step_name: 'b' }, { step_name: 'a' }])
  const again = back.body.steps[1]
  expect(again.id).not.toBe(step('a').id)
  expect(again.linked_task_id).not.toBeNull()
})

test('cards that left a closed sprint follow the plan; new steps get theirs in the backlog', async () => {
  const { run, sprint, card, step } = await api.linkedRun(project.id, [
    { step_name: 'a' },
    { step_name: 'b' },
    { step_name: 'done' },
  ])
  await api.act(step('done'), 'complete')
  await api.settled()
  await api.post(`/sprints/${sprint.id}/actions/complete`)
  const [left, closed] = [await card('b'), await card('done')]
  expect(left).toMatchObject({ sprint_id: null, board_status: 'backlog' })
  const replanned = await put(run, [
    { step_name: 'done', story_points: 99 },
    { step_name: 'a', story_points: 8 },
    { step_name: 'late' },
  ])
  expect(await card('a')).toMatchObject({
    sprint_id: null,
    board_status: 'backlog',
    story_points: 8,
  })
  expect((await api.get(`/tasks/${left.id}`)).body.board_status).toBe('archived')
  const late = replanned.body.steps[2]
  expect((await api.get(`/tasks/${late.linked_task_id}`)).body).toMatchObject({
    sprint_id: null,
    board_status: 'backlog',
  })
  expect(await card('done')).toEqual(closed)
})

test('nothing is left inconsistent', async () => {
  await api.settled()
  await expectConsistent(api.database)
})
