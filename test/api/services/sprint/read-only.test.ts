import { expect, test } from 'vitest'
import type { Answer, Json } from '../../../support/api.ts'
import { checkedApi } from '../../support/checked-api.ts'
import { expectConsistent } from '../../support/consistent.ts'

const api = await checkedApi()
const project = await api.project()
const member = (await api.post('/tokens', { name: 'member', role: 'member' })).body.secret
const asMember = { token: member }
const readOnly = { status: 409, body: { rule: 'closed_sprint_is_read_only' } }
const close = (sprint: Json) => api.post(`/sprints/${sprint.id}/actions/complete`)
const edgesOf = async (task: Json) =>
  (await api.get(`/tasks/${task.id}/dependencies`)).body.depends_on
const taskOf = async (task: Json) => (await api.get(`/tasks/${task.id}`)).body
const conflictsOf = async (task: Json) =>
  (await api.get(`/conflicts?task_id=${task.id}`)).body.items
const overridesOf = async (task: Json) =>
  (await api.get(`/events?type=task.overridden&entity_id=${task.id}`)).body.items

/** A closed sprint with two done tasks of its own. */
async function closed() {
  const sprint = await api.sprint(project.id)
  const make = () => api.task(project.id, { sprint_id: sprint.id, board_status: 'done' })
  const tasks = [await make(), await make()]
  await close(sprint)
  return { sprint, one: tasks[0], two: tasks[1] }
}

test('every verb that would change a task, link or plan of a closed sprint is refused, and changes nothing', async () => {
  const { sprint, one, two } = await closed()
  await api.post(`/tasks/${one.id}/dependencies`, {
    depends_on_id: two.id,
    override_reason: 'for this test',
  })
  const outside = await api.task(project.id)
  const run = await api.run(project.id, [{ step_name: 'x' }])
  const linked = await api.linkedRun(project.id, [{ step_name: 'a' }])
  await close(linked.sprint)
  const before = [
    await taskOf(one),
    await edgesOf(one),
    (await api.get(`/sprints/${sprint.id}`)).body,
  ]

  const attempts: Record<string, () => Promise<Answer>> = {
    'change a task': () => api.patch(`/tasks/${one.id}`, { title: 'Later' }),
    'move a card': () => api.patch(`/tasks/${one.id}`, { board_status: 'todo' }),
    'take a task out': () => api.patch(`/tasks/${one.id}`, { sprint_id: null }),
    'take a task in': () => api.patch(`/tasks/${outside.id}`, { sprint_id: sprint.id }),
    'make a task': () =>
      api.post('/tasks', { project_id: project.id, sprint_id: sprint.id, title: 'T' }),
    'delete a task': () => api.delete(`/tasks/${one.id}`),
    'add a dependency': () =>
      api.post(`/tasks/${two.id}/dependencies`, { depends_on_id: outside.id }),
    'remove a dependency': () => api.delete(`/tasks/${one.id}/dependencies/${two.id}`),
    'change the sprint': () => api.patch(`/sprints/${sprint.id}`, { name: 'Later' }),
    'import into it': () =>
      api.post(`/sprints/${sprint.id}/actions/import-tasks`, {
        spec_path: 'specs/x',
        content: '- [ ] T001 A',
      }),
    'link a run': () =>
      api.post(`/sprints/${sprint.id}/actions/link-protocol`, { protocol_run_id: run.id }),
    'work on it in a run': () =>
      api.post('/protocols', {
        project_id: project.id,
        protocol_name: 'P',
        sprint_id: sprint.id,
      }),
    'sync it from its run': () =>
      api.post(`/sprints/${linked.sprint.id}/actions/sync-from-protocol`),
    'sync its run to it': () => api.post(`/protocols/${linked.run.id}/actions/sync-to-sprint`),
  }
  for (const [what, attempt] of Object.entries(attempts)) {
    expect(await attempt(), what).toMatchObject(readOnly)
  }
  expect([
    await taskOf(one),
    await edgesOf(one),
    (await api.get(`/sprints/${sprint.id}`)).body,
  ]).toEqual(before)
})

test('an admin may change its tasks with a reason, which is recorded; a member may not', async () => {
  const { sprint, one, two } = await closed()
  const why = { override_reason: 'the report named the wrong task' }
  const query = `override_reason=${encodeURIComponent(why.override_reason)}`
  const ways: ((options?: { token: string }) => Promise<Answer>)[] = [
    (as) => api.patch(`/tasks/${one.id}`, { title: 'Corrected', ...why }, as),
    (as) => api.post(`/tasks/${one.id}/dependencies`, { depends_on_id: two.id, ...why }, as),
    (as) => api.delete(`/tasks/${one.id}/dependencies/${two.id}?${query}`, as),
    (as) => api.delete(`/tasks/${one.id}?${query}`, as),
  ]
  for (const way of ways) {
    expect(await way(asMember)).toMatchObject(readOnly)
    expect([200, 201]).toContain((await way()).status)
  }
  expect(await taskOf(one)).toMatchObject({ title: 'Corrected', board_status: 'archived' })
  const told = await overridesOf(one)
  expect(told).toHaveLength(4)
  for (const event of told) {
    expect(event).toMatchObject({
      actor: 'admin',
      sprint_id: sprint.id,
      payload: { reason: why.override_reason, sprint_id: sprint.id },
    })
  }
})

test('an admin may correct the sprint itself and add what was forgotten, with a reason', async () => {
  const { sprint } = await closed()
  const override_reason = 'named after the wrong release'
  const rename = { name: 'Release 2', override_reason }
  const add = { project_id: project.id, sprint_id: sprint.id, title: 'Forgotten', override_reason }
  expect(await api.patch(`/sprints/${sprint.id}`, rename, asMember)).toMatchObject(readOnly)
  expect(await api.post('/tasks', add, asMember)).toMatchObject(readOnly)
  const { report, ...before } = (await api.get(`/sprints/${sprint.id}`)).body
  expect((await api.patch(`/sprints/${sprint.id}`, rename)).body).toEqual({
    ...before,
    report,
    name: 'Release 2',
    updated_at: expect.any(String),
  })
  const made = await api.post('/tasks', add)
  expect(made.status).toBe(201)
  expect(await overridesOf(made.body)).toMatchObject([{ payload: { reason: override_reason } }])
  const told = await api.get(`/events?type=sprint.overridden&entity_id=${sprint.id}`)
  expect(told.body.items).toMatchObject([{ actor: 'admin', payload: { reason: override_reason } }])
})

test('an import and a replan leave the dependencies of closed sprints as they were, and others may name their tasks', async () => {
  const [first, second] = [await api.sprint(project.id), await api.sprint(project.id)]
  const into = (sprint: Json, content: string) =>
    api.post(`/sprints/${sprint.id}/actions/import-tasks`, { spec_path: 'specs/900-deps', content })
  await into(first, '- [x] T001 A\n- [x] T002 B (depends on T001)\n')
  const [, b] = (await api.get(`/sprints/${first.id}/tasks`)).body.items
  const kept = await edgesOf(b)
  expect(kept).toHaveLength(1)
  await close(first)
  await into(
    second,
    '- [x] T001 A (depends on T002)\n- [x] T002 B\n- [ ] T003 C (depends on T002)\n',
  )
  expect(await edgesOf(b)).toEqual(kept)
  const [c] = (await api.get(`/sprints/${second.id}/tasks`)).body.items
  expect(await edgesOf(c)).toMatchObject([{ depends_on_id: b.id }])

  const { run, sprint, step, card } = await api.linkedRun(project.id, [
    { step_name: 'a' },
    { step_name: 'b', depends_on: ['a'] },
  ])
  for (const name of ['a', 'b']) await api.act(step(name), 'complete')
  await api.settled()
  await close(sprint)
  const [card1, edges] = [await card('b'), await edgesOf(await card('b'))]
  const put = await api.put(`/protocols/${run.id}/steps`, {
    steps: [
      { step_name: 'a', story_points: 99 },
      { step_name: 'b' },
      { step_name: 'c', depends_on: ['b'] },
    ],
  })
  expect([await card('b'), await edgesOf(card1)]).toEqual([card1, edges])
  const late = { id: put.body.steps[2].linked_task_id }
  expect(await edgesOf(late)).toMatchObject([{ depends_on_id: card1.id }])
})

test('what a step does after the close leaves its card, as a conflict of who acted; it may come round', async () => {
  const { run, sprint, step, card } = await api.linkedRun(project.id, [
    { step_name: 'a' },
    { step_name: 'b' },
  ])
  for (const name of ['a', 'b']) await api.act(step(name), 'complete')
  await api.settled()
  await close(sprint)
  const before = await card('a')
  await api.post(`/steps/${step('a').id}/actions/retry`, {}, asMember)
  await api.settled()
  expect(await card('a')).toEqual(before)
  const [conflict] = await conflictsOf(before)
  expect(conflict).toMatchObject({
    actor: 'member',
    board_value: 'done',
    other_value: 'pending',
    sprint_id: sprint.id,
  })
  // The card cannot follow, unless an admin says why; the step can.
  const resolve = (body: object) => api.post(`/conflicts/${conflict.id}/actions/resolve`, body)
  expect(await resolve({ side: 'other' })).toMatchObject(readOnly)
  await api.act(step('a'), 'complete')
  await api.settled()
  expect(await conflictsOf(before)).toEqual([])

  await api.act(step('b'), 'retry')
  await api.settled()
  const [second] = await conflictsOf(await card('b'))
  const path = `/conflicts/${second.id}/actions/resolve`
  expect((await api.post(path, { side: 'board' })).body).toMatchObject({ resolution: 'board' })
  expect((await api.get(`/steps/${step('b').id}`)).body.status).toBe('completed')
  expect(await card('b')).toMatchObject({ board_status: 'done', sprint_id: sprint.id })
  await api.act(step('b'), 'retry')
  await api.settled()
  const [third] = await conflictsOf(await card('b'))
  const other = { side: 'other', override_reason: 'it was not done' }
  const done = await api.post(`/conflicts/${third.id}/actions/resolve`, other)
  expect(done.body).toMatchObject({ resolution: 'other' })
  expect(await card('b')).toMatchObject({ board_status: 'todo', sprint_id: sprint.id })
  expect(await overridesOf(await card('b'))).toMatchObject([
    { payload: { reason: 'it was not done' } },
  ])
  expect((await api.get(`/protocols/${run.id}/sprint`)).body.id).toBe(sprint.id)
})

test('reopened, a sprint takes what its steps did meanwhile by a sync, and the conflict is over', async () => {
  const { sprint, step, card } = await api.linkedRun(project.id, [{ step_name: 'a' }])
  await api.act(step('a'), 'complete')
  await api.settled()
  await close(sprint)
  await api.act(step('a'), 'retry')
  await api.settled()
  await api.post(`/sprints/${sprint.id}/actions/reopen`, { reason: 'not done after all' })
  expect(await conflictsOf(await card('a'))).toHaveLength(1)
  await api.post(`/sprints/${sprint.id}/actions/sync-from-protocol`)
  expect(await card('a')).toMatchObject({ board_status: 'todo' })
  expect(await conflictsOf(await card('a'))).toEqual([])
})

test('nothing is left inconsistent', async () => {
  await api.settled()
  await expectConsistent(api.database)
})
