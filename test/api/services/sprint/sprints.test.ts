import { expect, test } from 'vitest'
import type { Json } from '../../../support/api.ts'
import { checkedApi } from '../../support/checked-api.ts'
import { expectConsistent } from '../../support/consistent.ts'

const api = await checkedApi()
const project = await api.project({ slug: 'acme' })
const done = (task: Json) => api.patch(`/tasks/${task.id}`, { board_status: 'done' })
const velocityOf = async (sprint: Json) => (await api.get(`/sprints/${sprint.id}/velocity`)).body
const rowOf = async (sprint: Json) => {
  await api.settled()
  return (await api.get(`/sprints/${sprint.id}`)).body
}
const taskOf = async (task: Json) => (await api.get(`/tasks/${task.id}`)).body
const start = (sprint: Json) => api.post(`/sprints/${sprint.id}/actions/start`)
const complete = (sprint: Json, carry_over_to?: string) =>
  api.post(`/sprints/${sprint.id}/actions/complete`, { carry_over_to })

test('an empty sprint has a velocity of nothing', async () => {
  const sprint = await api.sprint(project.id)
  expect(await velocityOf(sprint)).toEqual({
    sprint_id: sprint.id,
    velocity_actual: 0,
    total_points: 0,
    completed_points: 0,
    completion_rate: 0,
  })
})

test('velocity leaves out what was skipped, archived, or done before the start', async () => {
  const sprint = await api.sprint(project.id)
  const make = (story_points: number | null) =>
    api.task(project.id, { sprint_id: sprint.id, story_points })
  const [early, late, open, gone] = [await make(1), await make(2), await make(4), await make(8)]
  await make(null)
  await done(early)
  expect((await start(sprint)).body).toMatchObject({ status: 'active', committed_points: 15 })
  await done(late)
  await api.delete(`/tasks/${gone.id}`)
  const expected = { total_points: 7, completed_points: 3, velocity_actual: 2 }
  expect(await velocityOf(sprint)).toMatchObject({ ...expected, completion_rate: 3 / 7 })
  expect(await rowOf(sprint)).toMatchObject({ velocity_actual: 2 })
  // Done again after the start, it counts.
  await api.patch(`/tasks/${early.id}`, { board_status: 'todo' })
  expect(await rowOf(sprint)).toMatchObject({ velocity_actual: 2 })
  await done(early)
  expect(await rowOf(sprint)).toMatchObject({ velocity_actual: 3 })
  // Estimates count as they are now.
  await api.patch(`/tasks/${late.id}`, { story_points: 5 })
  expect(await rowOf(sprint)).toMatchObject({ velocity_actual: 6 })
  // A task that leaves takes its points along.
  await api.patch(`/tasks/${late.id}`, { board_status: 'backlog', sprint_id: null })
  expect(await rowOf(sprint)).toMatchObject({ velocity_actual: 1 })
  expect(open.story_points).toBe(4)
})

test('a skipped step is done on the board and counts nowhere', async () => {
  const { sprint, step } = await api.linkedRun(project.id, [
    { step_name: 'a', story_points: 5 },
    { step_name: 'b', story_points: 3 },
  ])
  await api.act(step('a'), 'skip')
  await api.act(step('b'), 'complete')
  await api.settled()
  expect(await velocityOf(sprint)).toMatchObject({
    total_points: 3,
    completed_points: 3,
    completion_rate: 1,
  })
})

test('completing reports, carries over, closes, and says the same when asked again', async () => {
  const sprint = await api.sprint(project.id)
  const [kept, left] = [
    await api.task(project.id, { sprint_id: sprint.id, story_points: 3 }),
    await api.task(project.id, { sprint_id: sprint.id, story_points: 5 }),
  ]
  await start(sprint)
  const added = await api.task(project.id, { sprint_id: sprint.id, story_points: 2 })
  await done(kept)
  await done(added)
  const first = await complete(sprint)
  expect(first.body.report).toEqual({
    committed_points: 8,
    scope_change_points: 2,
    completed_points: 5,
    completed_initial_points: 3,
    say_do: 3 / 8,
    predictability: 5 / 8,
    carried_over_points: 5,
    carried_over: [{ task_id: left.id, code: left.code, title: left.title, to: 'backlog' }],
    unestimated_tasks: 0,
  })
  expect(first.body.sprint).toMatchObject({ status: 'completed', velocity_actual: 5 })
  expect(await taskOf(left)).toMatchObject({ sprint_id: null, board_status: 'backlog' })
  const again = await complete(sprint, 'next')
  expect(again).toMatchObject({ status: 200, body: first.body })
  expect(await rowOf(sprint)).toEqual(first.body.sprint)
})

test('what is left goes to the next sprint or to a named one, and keeps its column', async () => {
  const [first, second, third] = [
    await api.sprint(project.id, { start_date: '2026-03-01' }),
    await api.sprint(project.id, { start_date: '2026-03-15', code: 'SECOND' }),
    await api.sprint(project.id, { start_date: '2026-03-29', code: 'third.1' }),
  ]
  const task = await api.task(project.id, { sprint_id: first.id, board_status: 'review' })
  expect(await complete(first, first.code)).toMatchObject({ status: 409 })
  expect(await complete(first, 'nowhere')).toMatchObject({
    status: 409,
    body: { rule: 'carry_over_target', errors: [{ field: 'carry_over_to' }] },
  })
  await complete(first, 'next')
  expect(await taskOf(task)).toMatchObject({ sprint_id: second.id, board_status: 'review' })
  await complete(second, 'third.1')
  expect(await taskOf(task)).toMatchObject({ sprint_id: third.id, board_status: 'review' })
  expect(await complete(third, 'SECOND')).toMatchObject({
    status: 409,
    body: { rule: 'closed_sprint_is_read_only' },
  })
  const away = await api.project()
  const foreign = await api.sprint(away.id)
  expect(await complete(third, foreign.code)).toMatchObject({ status: 409 })
})

test('a sync never pulls back what was carried over', async () => {
  const { run, sprint, card, step } = await api.linkedRun(project.id, [
    { step_name: 'a' },
    { step_name: 'b' },
  ])
  const next = await api.sprint(project.id, { start_date: '2999-01-01' })
  await api.patch(`/tasks/${(await card('a')).id}`, { sprint_id: next.id })
  const synced = await api.post(`/protocols/${run.id}/actions/sync-to-sprint`)
  expect(synced.body).toMatchObject({ created: [], updated: [], unchanged: 2 })
  await api.act(step('a'), 'start')
  await api.settled()
  expect(await card('a')).toMatchObject({ sprint_id: next.id, board_status: 'in_progress' })
  // Changes by a sync count where the card is now.
  await api.act(step('a'), 'complete')
  expect(await rowOf(next)).toMatchObject({ velocity_actual: 3 })
  await api.patch(`/steps/${step('a').id}`, { story_points: 8 })
  expect(await rowOf(next)).toMatchObject({ velocity_actual: 8 })
  expect(await rowOf(sprint)).toMatchObject({ velocity_actual: 0 })
})

test('a closed sprint is read-only; an admin may override, and that is recorded', async () => {
  const sprint = await api.sprint(project.id)
  const task = await api.task(project.id, { sprint_id: sprint.id })
  const outside = await api.task(project.id)
  const { run, step, card } = await api.linkedRun(project.id, [{ step_name: 'a' }])
  const linked = (await api.get(`/protocols/${run.id}/sprint`)).body
  await api.act(step('a'), 'complete')
  await api.settled()
  await done(task)
  await complete(sprint)
  await complete(linked)
  const readOnly = { status: 409, body: { rule: 'closed_sprint_is_read_only' } }
  const fresh = await api.run(project.id, [{ step_name: 'x' }])
  for (const refused of [
    await api.patch(`/tasks/${task.id}`, { title: 'Later' }),
    await api.delete(`/tasks/${task.id}`),
    await api.patch(`/tasks/${outside.id}`, { sprint_id: sprint.id }),
    await api.post('/tasks', { project_id: project.id, sprint_id: sprint.id, title: 'T' }),
    await api.patch(`/sprints/${sprint.id}`, { name: 'Later' }),
    await api.post(`/sprints/${sprint.id}/actions/import-tasks`, {
      spec_path: 'specs/x',
      content: '- [ ] T001 A',
    }),
    await api.post(`/sprints/${sprint.id}/actions/link-protocol`, { protocol_run_id: fresh.id }),
    await api.post(`/sprints/${linked.id}/actions/sync-from-protocol`),
    await api.post(`/protocols/${run.id}/actions/sync-to-sprint`),
  ]) {
    expect(refused).toMatchObject(readOnly)
  }
  expect(await start(sprint)).toMatchObject({ status: 409, body: { rule: 'sprint_transition' } })

  const member = (await api.post('/tokens', { name: 'm', role: 'member' })).body.secret
  const override = { title: 'Corrected', override_reason: 'wrong title in the report' }
  expect(await api.patch(`/tasks/${task.id}`, override, { token: member })).toMatchObject(readOnly)
  expect(await api.patch(`/tasks/${task.id}`, override)).toMatchObject({ status: 200 })
  const told = await api.get(`/events?type=task.overridden&entity_id=${task.id}`)
  expect(told.body.items).toMatchObject([
    { payload: { reason: 'wrong title in the report', sprint_id: sprint.id }, actor: 'admin' },
  ])

  // A step that moves on afterwards leaves the card, and a conflict.
  await api.act(step('a'), 'retry')
  await api.settled()
  expect(await card('a')).toMatchObject({ board_status: 'done' })
  expect((await api.get(`/conflicts?task_id=${(await card('a')).id}`)).body.items).toMatchObject([
    { other_value: 'pending', board_value: 'done' },
  ])
})

test('an archived sprint gives its open tasks back', async () => {
  const sprint = await api.sprint(project.id)
  const [open, closed] = [
    await api.task(project.id, { sprint_id: sprint.id }),
    await api.task(project.id, { sprint_id: sprint.id }),
  ]
  await done(closed)
  expect((await api.delete(`/sprints/${sprint.id}`)).body.status).toBe('archived')
  expect((await api.delete(`/sprints/${sprint.id}`)).status).toBe(200)
  expect(await taskOf(open)).toMatchObject({ sprint_id: null, board_status: 'backlog' })
  expect(await taskOf(closed)).toMatchObject({ sprint_id: sprint.id, board_status: 'done' })
})

test('codes are made from the slug, or given, and unique', async () => {
  const other = await api.project({ slug: 'numbers' })
  const codes = [await api.sprint(other.id), await api.sprint(other.id)].map((it) => it.code)
  expect(codes).toEqual(['NUMBERS-S1', 'NUMBERS-S2'])
  expect((await api.task(other.id)).code).toBe('NUMBERS-1')
  await api.sprint(other.id, { code: 'own' })
  expect(
    await api.post('/sprints', { project_id: other.id, name: 'S', code: 'own' }),
  ).toMatchObject({ status: 409, body: { rule: 'sprints_code_key' } })
})

test('nothing is left inconsistent', async () => {
  await api.settled()
  await expectConsistent(api.database)
})

test('a bare date is that day in the project’s time zone, and the last day counts whole', async () => {
  const berlin = await api.project({
    settings: { time_zone: 'Europe/Berlin', sprint_days: 7, auto_create_sprint: false },
  })
  const dates = { start_date: '2026-03-23', end_date: '2026-03-29' }
  const made = await api.sprint(berlin.id, dates)
  // Clocks went forward on 29 March: it begins at +01:00 and ends at +02:00.
  const told = { start_date: '2026-03-22T23:00:00.000Z', end_date: '2026-03-29T21:59:59.999Z' }
  expect(made).toMatchObject(told)
  const path = `/sprints/${made.id}`
  expect((await api.patch(path, { end_date: '2026-03-29' })).body).toMatchObject(told)
  const { body } = await api.patch(path, { end_date: '2026-03-29T10:00:00Z' })
  expect(body.end_date).toBe('2026-03-29T10:00:00.000Z')
  expect(
    await api.sprint(berlin.id, { start_date: '2026-01-05', end_date: '2026-01-05' }),
  ).toMatchObject({
    start_date: '2026-01-04T23:00:00.000Z',
    end_date: '2026-01-05T22:59:59.999Z',
  })

  const run = await api.run(berlin.id, [{ step_name: 'a' }])
  const { body: ofRun } = await api.post(`/protocols/${run.id}/actions/create-sprint`, {
    start_date: '2026-03-23',
  })
  expect(ofRun).toMatchObject(told)
})
