import { expect, test } from 'vitest'
import type { Json } from '../../../support/api.ts'
import { checkedApi } from '../../support/checked-api.ts'
import { expectConsistent } from '../../support/consistent.ts'

// What an earlier system of this kind got wrong, each as the rule that holds here.
const api = await checkedApi()
const project = await api.project()
const count = async (table: string) =>
  Number((await api.database.sql`select count(*) from ${api.database.sql(table)}`)[0]?.count)
const velocityOf = async (sprint: Json) => (await api.get(`/sprints/${sprint.id}/velocity`)).body

test('a create-sprint that fails leaves nothing behind, and its repeat makes one sprint', async () => {
  const run = await api.run(project.id, [{ step_name: 'a' }, { step_name: 'b' }])
  // The last card of the sync cannot be made: its code is taken already.
  const [row] = await api.database.sql`
    select slug, last_task_number + 2 as second from projects where id = ${project.id}`
  const code = `${row?.slug.toUpperCase()}-${row?.second}`
  const blocker = await api.task(project.id, { code })
  await api.settled()
  const before = [await count('sprints'), await count('tasks'), await count('events')]
  const path = `/protocols/${run.id}/actions/create-sprint`
  expect(await api.post(path)).toMatchObject({ status: 409, body: { rule: 'tasks_code_key' } })
  expect(await api.post(path)).toMatchObject({ status: 409 })
  expect([await count('sprints'), await count('tasks'), await count('events')]).toEqual(before)
  expect((await api.get(`/protocols/${run.id}/sprint`)).status).toBe(404)
  await api.database.sql`delete from tasks where id = ${blocker.id}`
  const made = await api.post(path, { sprint_name: 'Once' })
  expect(made).toMatchObject({ status: 201, body: { name: 'Once' } })
  expect(await api.post(path, { sprint_name: 'Twice' })).toEqual({ status: 200, body: made.body })
  expect(await count('sprints')).toBe((before[0] ?? 0) + 1)
})

test('a step that goes to QA is not done on the board before QA says so', async () => {
  const { card, step } = await api.linkedRun(project.id, [{ step_name: 'a', qa_required: true }])
  await api.act(step('a'), 'start')
  await api.act(step('a'), 'complete')
  await api.settled()
  expect((await card('a')).board_status).toBe('review')
  await api.act(step('a'), 'fail', { reason: 'a test fails' })
  await api.settled()
  expect(await card('a')).toMatchObject({
    board_status: 'blocked',
    blocked_reason: 'a test fails',
    completed_at: null,
  })
})

test('events are handled: the card follows the step, the velocity the card, and both are told', async () => {
  const { sprint, card, step } = await api.linkedRun(project.id, [
    { step_name: 'a', story_points: 5 },
  ])
  await api.act(step('a'), 'complete')
  await api.settled()
  expect((await card('a')).board_status).toBe('done')
  expect((await api.get(`/sprints/${sprint.id}`)).body.velocity_actual).toBe(5)
  const told = (await api.get(`/events?sprint_id=${sprint.id}&limit=1000`)).body.items
  expect(told.map((it: Json) => it.type)).toEqual(
    expect.arrayContaining(['step.completed', 'task.status_changed', 'sprint.velocity_updated']),
  )
  const byType = new Map<string, Json>(told.map((it: Json) => [it.type, it]))
  expect(byType.get('task.status_changed').causation_id).toBe(byType.get('step.completed').id)
  expect(byType.get('task.status_changed').correlation_id).toBe(
    byType.get('step.completed').correlation_id,
  )
})

test('links are written on both sides, one to one, and never silently ignored', async () => {
  const { run, sprint, steps } = await api.linkedRun(project.id, [{ step_name: 'a' }])
  expect((await api.get(`/protocols/${run.id}`)).body.linked_sprint_id).toBe(sprint.id)
  const cards = (await api.get(`/sprints/${sprint.id}/tasks`)).body.items
  expect(cards).toMatchObject([{ step_run_id: steps[0].id, protocol_run_id: run.id }])
  expect((await api.get(`/steps/${steps[0].id}`)).body.linked_task_id).toBe(cards[0].id)

  const [second, empty] = [
    await api.run(project.id, [{ step_name: 'b' }]),
    await api.sprint(project.id),
  ]
  const link = (sprintId: number, protocol_run_id: number, fields: object = {}) =>
    api.post(`/sprints/${sprintId}/actions/link-protocol`, { protocol_run_id, ...fields })
  expect(await link(sprint.id, second.id)).toMatchObject({
    status: 409,
    body: { rule: 'one_protocol_run_per_sprint' },
  })
  expect(await link(empty.id, run.id)).toMatchObject({
    status: 409,
    body: { rule: 'one_sprint_per_protocol_run' },
  })
  expect(await link(sprint.id, run.id)).toMatchObject({ status: 200 })
  expect(await link(empty.id, second.id, { auto_sync: false })).toMatchObject({
    status: 200,
    body: { linked_sprint_id: empty.id },
  })
  expect((await api.get(`/sprints/${empty.id}/tasks`)).body.items).toEqual([])
  const path = `/sprints/${empty.id}/actions/sync-from-protocol`
  expect((await api.post(path, { create_missing_tasks: false })).body).toMatchObject({
    created: [],
    missing: [second.steps[0].id],
  })
  expect((await api.post(path)).body.created).toHaveLength(1)
  const again = (await api.post(path)).body
  expect(again).toMatchObject({ created: [], updated: [], archived: [], unchanged: 1 })

  const stranger = await api.run((await api.project()).id, [])
  expect(await link((await api.sprint(project.id)).id, stranger.id)).toMatchObject({
    status: 409,
    body: { rule: 'same_project' },
  })
  expect(await api.post(`/protocols/${stranger.id}/actions/sync-to-sprint`)).toMatchObject({
    status: 409,
    body: { rule: 'run_has_sprint' },
  })
  const alone = await api.sprint(project.id)
  expect(await api.post(`/sprints/${alone.id}/actions/sync-from-protocol`)).toMatchObject({
    status: 409,
    body: { rule: 'sprint_has_run' },
  })
})

test('velocity counts every task: 150 tasks of one point are 150 points', async () => {
  const content = Array.from({ length: 150 }, (_, n) => `- [x] T${n + 1} Do it`).join('\n')
  const sprint = await api.sprint(project.id)
  await api.post(`/sprints/${sprint.id}/actions/import-tasks`, { spec_path: 'specs/150', content })
  await api.database.sql`update tasks set story_points = 1 where sprint_id = ${sprint.id}`
  expect(await velocityOf(sprint)).toMatchObject({
    total_points: 150,
    completed_points: 150,
    completion_rate: 1,
  })
})

test('edits by hand count at once, and work has a beginning and an end', async () => {
  const sprint = await api.sprint(project.id)
  const task = await api.task(project.id, { sprint_id: sprint.id, story_points: 8 })
  const moved = (await api.patch(`/tasks/${task.id}`, { board_status: 'done' })).body
  expect(moved).toMatchObject({ started_at: expect.any(String), completed_at: expect.any(String) })
  await api.settled()
  expect((await api.get(`/sprints/${sprint.id}`)).body.velocity_actual).toBe(8)
})

test('an import, with overwrite too, never deletes a hand-made or a linked task', async () => {
  const { sprint, card } = await api.linkedRun(project.id, [{ step_name: 'a' }])
  const byHand = await api.task(project.id, { sprint_id: sprint.id })
  const body = (content: string) => ({
    spec_path: 'specs/keep',
    content,
    overwrite_existing: true,
  })
  const path = `/sprints/${sprint.id}/actions/import-tasks`
  await api.post(path, body('- [ ] T001 [P] [US1] Ship the (2024) report in src/report.ts\n'))
  const [task] = (await api.get(`/sprints/${sprint.id}/tasks`)).body.items.filter(
    (it: Json) => it.external_id === 'T001',
  )
  expect(task).toMatchObject({ title: 'Ship the (2024) report in src/report.ts', story_points: 3 })
  const emptied = await api.post(path, body('# Nothing left\n'))
  expect(emptied.body.archived).toEqual([{ task_id: task.id, external_id: 'T001' }])
  expect((await api.get(`/tasks/${byHand.id}`)).body).toEqual(byHand)
  expect((await card('a')).board_status).toBe('todo')
})

test('a failed import leaves nothing behind', async () => {
  const sprint = await api.sprint(project.id)
  const path = `/sprints/${sprint.id}/actions/import-tasks`
  await api.post(path, { spec_path: 'specs/half', content: '- [ ] T001 A\n- [ ] T002 B\n' })
  const tasks = (await api.get(`/sprints/${sprint.id}/tasks`)).body.items
  // By hand T001 waits for T002; the file now says the opposite.
  await api.post(`/tasks/${tasks[0].id}/dependencies`, { depends_on_id: tasks[1].id })
  await api.settled()
  const before = [await count('tasks'), await count('events')]
  const refused = await api.post(path, {
    spec_path: 'specs/half',
    content: '- [ ] T001 A\n- [ ] T002 B (depends on T001)\n- [ ] T003 C\n',
  })
  expect(refused).toMatchObject({ status: 409, body: { rule: 'no_dependency_cycle' } })
  expect([await count('tasks'), await count('events')]).toEqual(before)
})

test('a skipped step lets its dependants go on', async () => {
  const { step } = await api.linkedRun(project.id, [
    { step_name: 'a' },
    { step_name: 'b', depends_on: ['a'] },
  ])
  await api.act(step('a'), 'skip')
  expect((await api.act(step('b'), 'start')).status).toBe('running')
})

test('nothing is left inconsistent', async () => {
  await api.settled()
  await expectConsistent(api.database)
})
