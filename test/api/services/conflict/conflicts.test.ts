import { expect, test } from 'vitest'
import type { Json } from '../../../support/api.ts'
import { checkedApi } from '../../support/checked-api.ts'
import { expectConsistent } from '../../support/consistent.ts'

const api = await checkedApi()
const project = await api.project()
const member = (await api.post('/tokens', { name: 'member', role: 'member' })).body.secret
let specs = 0

const move = (card: Json, board_status: string, fields: object = {}) =>
  api.patch(`/tasks/${card.id}`, { board_status, ...fields })
const conflictsOf = async (card: Json, state = 'open') =>
  (await api.get(`/conflicts?task_id=${card.id}&state=${state}`)).body.items
const resolve = (conflict: Json, side: string, fields: object = {}, token?: string) =>
  api.post(`/conflicts/${conflict.id}/actions/resolve`, { side, ...fields }, token ? { token } : {})
const statusOf = async (step: Json) => (await api.get(`/steps/${step.id}`)).body.status
const taskOf = async (card: Json) => (await api.get(`/tasks/${card.id}`)).body
const told = async (card: Json) =>
  (await api.get(`/events?type=conflict.resolved&entity_id=${card.id}`)).body.items

/** A card wanted elsewhere than its step is: the step wins, and the conflict is open. */
async function clash(ways: string[], wanted: string) {
  // Another step keeps the run going.
  const made = await api.linkedRun(project.id, [
    { step_name: 'a', story_points: 5 },
    { step_name: 'b' },
  ])
  for (const way of ways) await api.act(made.step('a'), way)
  await api.settled()
  const card = await made.card('a')
  await move(card, wanted)
  const [conflict] = await conflictsOf(card)
  expect(conflict).toMatchObject({ board_value: wanted })
  return { ...made, conflict, task: card }
}

/** An imported title that file and board changed differently. */
async function titles() {
  const sprint = await api.sprint(project.id)
  const path = `specs/${String(++specs).padStart(3, '0')}-conflicts`
  const into = (title: string, fields: object = {}) =>
    api.post(`/sprints/${sprint.id}/actions/import-tasks`, {
      spec_path: path,
      content: `- [ ] T001 ${title}\n`,
      ...fields,
    })
  await into('Old')
  const [task] = (await api.get(`/sprints/${sprint.id}/tasks`)).body.items
  const edit = (title: string) => api.patch(`/tasks/${task.id}`, { title })
  await edit('Board')
  await into('File')
  const [conflict] = await conflictsOf(task)
  expect(conflict).toMatchObject({ field: 'title', board_value: 'Board', other_value: 'File' })
  return { sprint, task, into, edit, conflict }
}

test('a conflict shows both sides, who, when, and the task it is about', async () => {
  const { conflict, task, step, sprint } = await clash(['start'], 'done')
  expect((await api.get(`/conflicts/${conflict.id}`)).body).toEqual({
    id: conflict.id,
    project_id: project.id,
    sprint_id: sprint.id,
    task_id: task.id,
    task_code: task.code,
    task_title: 'a',
    step_run_id: step('a').id,
    source: 'protocol',
    field: 'board_status',
    base_value: 'in_progress',
    board_value: 'done',
    other_value: 'running',
    actor: 'admin',
    created_at: expect.any(String),
    resolved_at: null,
    resolved_by: null,
    resolution: null,
  })
  expect((await api.get('/conflicts/999999')).status).toBe(404)
})

test('conflicts are found by project, sprint, task, source and state', async () => {
  const [first, second] = [await clash(['start'], 'done'), await titles()]
  const ids = async (query: string) =>
    (await api.get(`/conflicts?${query}&limit=1000`)).body.items.map((it: Json) => it.id)
  const both = [first.conflict.id, second.conflict.id]
  expect(await ids(`project_id=${project.id}`)).toEqual(expect.arrayContaining(both))
  expect(await ids(`project_id=${(await api.project()).id}`)).toEqual([])
  expect(await ids(`sprint_id=${first.sprint.id}`)).toEqual([first.conflict.id])
  expect(await ids(`task_id=${second.task.id}`)).toEqual([second.conflict.id])
  expect(await ids(`sprint_id=${second.sprint.id}&source=protocol`)).toEqual([])
  expect(await ids(`sprint_id=${second.sprint.id}&source=spec`)).toEqual([second.conflict.id])
  await resolve(second.conflict, 'board')
  const task = `task_id=${second.task.id}`
  expect(await ids(`${task}&state=open`)).toEqual([])
  expect(await ids(`${task}&state=resolved`)).toEqual([second.conflict.id])
  expect(await ids(`${task}&state=all`)).toEqual([second.conflict.id])
})

test.each([
  ['done while it runs completes it by hand', ['start'], 'done', 'completed', 'done'],
  ['review while it runs hands it to QA', ['start'], 'review', 'needs_qa', 'review'],
  ['blocked while in QA blocks it', ['start', 'submit-qa'], 'blocked', 'blocked', 'blocked'],
  ['todo after its end queues it again', ['complete'], 'todo', 'pending', 'todo'],
  ['backlog after a skip queues it again', ['skip'], 'backlog', 'pending', 'backlog'],
  [
    'in progress after its end starts it again',
    ['complete'],
    'in_progress',
    'running',
    'in_progress',
  ],
  [
    'in progress after a failure starts it again',
    ['fail'],
    'in_progress',
    'running',
    'in_progress',
  ],
  ['archived while it runs cancels it', ['start'], 'archived', 'cancelled', 'archived'],
  ['done after it was cancelled completes it', ['cancel'], 'done', 'completed', 'done'],
  ['testing while in QA leaves it there', ['start', 'submit-qa'], 'testing', 'needs_qa', 'testing'],
])('for the board: %s', async (_, ways, wanted, status, column) => {
  const { conflict, task, step, sprint } = await clash(ways, wanted)
  const resolved = await resolve(conflict, 'board')
  expect(resolved).toMatchObject({
    status: 200,
    body: { resolution: 'board', resolved_by: 'admin', resolved_at: expect.any(String) },
  })
  expect(await statusOf(step('a'))).toBe(status)
  await api.settled()
  expect(await taskOf(task)).toMatchObject({ board_status: column })
  expect(await conflictsOf(task)).toEqual([])
  expect(await told(task)).toMatchObject([
    { actor: 'admin', payload: { conflict_id: conflict.id, board: wanted, side: 'board' } },
  ])
  const { completed_points } = (await api.get(`/sprints/${sprint.id}/velocity`)).body
  expect(completed_points).toBe(column === 'done' ? 5 : 0)
})

test('where no action leads to the column, that is said and the conflict stays', async () => {
  const { conflict, task, step } = await clash(['start'], 'todo')
  const refused = await resolve(conflict, 'board')
  expect(refused).toMatchObject({ status: 409, body: { rule: 'no_legal_action' } })
  expect(refused.body.detail).toContain('"a" is running')
  expect(await statusOf(step('a'))).toBe('running')
  expect(await conflictsOf(task)).toMatchObject([{ id: conflict.id }])
  // Stopped first, it can be had.
  await api.act(step('a'), 'fail')
  await api.settled()
  expect((await resolve(conflict, 'board')).status).toBe(200)
  expect(await statusOf(step('a'))).toBe('pending')
})

test('in a cancelled or paused run a card drives nothing, neither by hand nor by a decision', async () => {
  const { run, step, card } = await api.linkedRun(project.id, [{ step_name: 'a' }])
  await api.act(step('a'), 'fail')
  await api.post(`/protocols/${run.id}/actions/cancel`)
  await api.settled()
  const moved = await move(await card('a'), 'todo')
  expect(moved.body).toMatchObject({ board_status: 'blocked' })
  expect(moved.body.warnings[0]).toContain('cancelled')
  expect(await statusOf(step('a'))).toBe('failed')
  const [conflict] = await conflictsOf(await card('a'))
  expect(await resolve(conflict, 'board')).toMatchObject({
    status: 409,
    body: { rule: 'run_is_cancelled' },
  })

  const paused = await api.linkedRun(project.id, [{ step_name: 'a' }])
  await api.post(`/protocols/${paused.run.id}/actions/pause`)
  expect((await move(await paused.card('a'), 'in_progress')).body.board_status).toBe('todo')
  expect(await statusOf(paused.step('a'))).toBe('pending')
  const [held] = await conflictsOf(await paused.card('a'))
  expect(await resolve(held, 'board')).toMatchObject({
    status: 409,
    body: { rule: 'run_is_paused' },
  })
})

test('for the step: the card stands where the step is now', async () => {
  const { conflict, task, step } = await clash(['start'], 'done')
  await api.act(step('a'), 'fail', { reason: 'no network' })
  await api.settled()
  expect((await resolve(conflict, 'other')).body).toMatchObject({ resolution: 'other' })
  expect(await taskOf(task)).toMatchObject({
    board_status: 'blocked',
    blocked_reason: 'no network',
  })
  expect(await statusOf(step('a'))).toBe('failed')
  expect(await told(task)).toMatchObject([{ payload: { side: 'other', other: 'running' } }])
})

test('a conflict whose step was deleted can only be resolved for the plan', async () => {
  const { conflict, task, step } = await clash(['complete'], 'todo')
  await api.delete(`/steps/${step('a').id}`)
  expect(await resolve(conflict, 'board')).toMatchObject({
    status: 409,
    body: { rule: 'step_is_deleted' },
  })
  expect((await resolve(conflict, 'other')).status).toBe(200)
  expect(await taskOf(task)).toMatchObject({ board_status: 'archived' })
})

test('a repeat of the same decision is no change; another one is refused', async () => {
  const { conflict, task } = await clash(['start'], 'done')
  const first = (await resolve(conflict, 'other')).body
  expect((await resolve(conflict, 'other')).body).toEqual(first)
  expect(await resolve(conflict, 'board')).toMatchObject({
    status: 409,
    body: { rule: 'conflict_is_resolved' },
  })
  expect(await told(task)).toHaveLength(1)
})

test('of many decisions at once, one is made, while the step moves on', async () => {
  const { conflict, task, step } = await clash(['start'], 'done')
  const [answers] = await Promise.all([
    Promise.all(Array.from({ length: 20 }, (_, n) => resolve(conflict, n % 2 ? 'board' : 'other'))),
    api.post(`/steps/${step('a').id}/actions/submit-qa`),
  ])
  const { resolution } = (await api.get(`/conflicts/${conflict.id}`)).body
  for (const { status, body } of answers) {
    const made = status === 200 ? body.resolution : resolution
    expect([status, made]).toEqual([expect.toBeOneOf([200, 409]), resolution])
  }
  await api.settled()
  expect(await told(task)).toHaveLength(1)
  expect(await statusOf(step('a'))).toBe(resolution === 'board' ? 'completed' : 'needs_qa')
  const column = resolution === 'board' ? 'done' : 'review'
  expect(await taskOf(task)).toMatchObject({ board_status: column })
})

test('a conflict with a step is for an admin; one with a file, for a member as well', async () => {
  const [step, file] = [await clash(['start'], 'done'), await titles()]
  expect(await resolve(step.conflict, 'other', {}, member)).toMatchObject({
    status: 403,
    body: { rule: 'scope_admin' },
  })
  expect(await conflictsOf(step.task)).toHaveLength(1)
  expect(await resolve(file.conflict, 'other', {}, member)).toMatchObject({
    status: 200,
    body: { resolved_by: 'member' },
  })
})

test('for the file: its value is taken, and is the file’s to change from then on', async () => {
  const { conflict, task, into } = await titles()
  await resolve(conflict, 'other')
  expect(await taskOf(task)).toMatchObject({ title: 'File', hand_set: [] })
  expect((await into('File 2')).body).toMatchObject({ updated: 1, conflicts: [] })
  expect(await taskOf(task)).toMatchObject({ title: 'File 2' })
})

test('for the board against a file: it is kept, and the same file is no conflict again', async () => {
  const { conflict, task, into } = await titles()
  await resolve(conflict, 'board')
  expect((await into('File')).body).toMatchObject({ updated: 0, conflicts: [] })
  expect((await into('File', { overwrite_existing: true })).body.conflicts).toEqual([])
  expect(await taskOf(task)).toMatchObject({ title: 'Board' })
  expect(await conflictsOf(task)).toEqual([])
  // Another change of the file is another conflict.
  expect((await into('File 2')).body.conflicts).toMatchObject([{ file: 'File 2', base: 'File' }])
})

test('a status the file and the board disagree on can be resolved either way', async () => {
  const marks = async (side: string) => {
    const sprint = await api.sprint(project.id)
    const spec_path = `specs/${String(++specs).padStart(3, '0')}-marks`
    const into = (mark: string) =>
      api.post(`/sprints/${sprint.id}/actions/import-tasks`, {
        spec_path,
        content: `- [${mark}] T001 One\n`,
      })
    await into('x')
    const [task] = (await api.get(`/sprints/${sprint.id}/tasks`)).body.items
    await move(task, 'archived')
    await into(' ')
    const [conflict] = await conflictsOf(task)
    expect(conflict).toMatchObject({ field: 'board_status', other_value: 'todo' })
    expect((await resolve(conflict, side)).status).toBe(200)
    return (await taskOf(task)).board_status
  }
  expect(await marks('other')).toBe('todo')
  expect(await marks('board')).toBe('archived')
})

test('a later agreement supersedes a conflict: the step gets there, the card gives way, the file or the board follows', async () => {
  const superseded = { resolution: 'superseded', resolved_by: expect.any(String) }
  // The step completes as the card wanted.
  const steps = await clash(['start'], 'done')
  await api.act(steps.step('a'), 'complete')
  await api.settled()
  expect(await conflictsOf(steps.task, 'all')).toMatchObject([superseded])
  expect(await told(steps.task)).toMatchObject([{ payload: { side: 'superseded' } }])
  // The step does something else: the wish is still open.
  const other = await clash(['start'], 'done')
  await api.act(other.step('a'), 'fail')
  await api.settled()
  expect(await conflictsOf(other.task)).toHaveLength(1)
  // A newer wish that the step follows takes the place of the old one.
  await move(other.task, 'todo')
  expect(await statusOf(other.step('a'))).toBe('pending')
  expect(await conflictsOf(other.task, 'all')).toMatchObject([superseded])
  // A sync that finds card and step agreed says so as well.
  const synced = await clash(['start'], 'review')
  await api.act(synced.step('a'), 'submit-qa')
  await api.post(`/protocols/${synced.run.id}/actions/sync-to-sprint`)
  await api.settled()
  expect(await conflictsOf(synced.task, 'all')).toMatchObject([superseded])
  // The file comes round to the board, and the board to the file.
  const [file, board] = [await titles(), await titles()]
  await file.into('Board')
  expect(await conflictsOf(file.task, 'all')).toMatchObject([superseded])
  await board.edit('File')
  expect(await conflictsOf(board.task, 'all')).toMatchObject([superseded])
  // Overwriting decides for the file.
  const forced = await titles()
  await forced.into('File 2', { overwrite_existing: true })
  expect(await conflictsOf(forced.task, 'all')).toMatchObject([
    { other_value: 'File 2', resolution: 'other' },
  ])
  expect((await forced.into('File 3')).body).toMatchObject({ updated: 1, conflicts: [] })
})

test('conflicts are resolved together in one transaction, with a report of each', async () => {
  const mine = await api.project()
  const made = await api.linkedRun(mine.id, [
    { step_name: 'a' },
    { step_name: 'b' },
    { step_name: 'c' },
  ])
  for (const name of ['a', 'b', 'c']) await api.act(made.step(name), 'start')
  await api.settled()
  await move(await made.card('a'), 'done')
  await move(await made.card('b'), 'done')
  await move(await made.card('c'), 'todo')
  const { items } = (await api.get(`/conflicts?project_id=${mine.id}`)).body
  const [a, b, c] = items.map((it: Json) => it.id)
  const many = (body: object, token?: string) =>
    api.post(
      '/conflicts/actions/resolve',
      { project_id: mine.id, side: 'board', ...body },
      token ? { token } : {},
    )
  // A member may ask, and is told what is not for a member.
  expect((await many({ all: true }, member)).body).toMatchObject({
    resolved: 0,
    items: [{ rule: 'scope_admin' }, { rule: 'scope_admin' }, { rule: 'scope_admin' }],
  })
  expect((await many({ ids: [a] })).body).toEqual({
    resolved: 1,
    items: [{ conflict_id: a, outcome: 'resolved', rule: null, detail: null }],
  })
  expect((await many({ ids: [a, b, c] })).body).toMatchObject({
    resolved: 1,
    items: [
      { conflict_id: a, outcome: 'unchanged' },
      { conflict_id: b, outcome: 'resolved' },
      { conflict_id: c, outcome: 'stays', rule: 'no_legal_action' },
    ],
  })
  expect((await many({ all: true, side: 'other' })).body).toMatchObject({
    resolved: 1,
    items: [{ conflict_id: c, outcome: 'resolved' }],
  })
  expect(await statusOf(made.step('b'))).toBe('completed')
  expect((await made.card('c')).board_status).toBe('in_progress')
  expect((await many({ all: true })).body).toEqual({ resolved: 0, items: [] })

  for (const wrong of [{}, { ids: [a], all: true }, { ids: [] }]) {
    expect(await many(wrong)).toMatchObject({ status: 422, body: { errors: [{ field: 'ids' }] } })
  }
  const foreign = await clash(['start'], 'done')
  expect((await many({ ids: [foreign.conflict.id] })).status).toBe(404)
  expect(await conflictsOf(foreign.task)).toHaveLength(1)
})

test('two decisions about one task, of file and step, do not undo each other', async () => {
  const { conflict, task, sprint } = await titles()
  const { items } = (await api.get(`/conflicts?sprint_id=${sprint.id}`)).body
  expect(items.map((it: Json) => it.id)).toEqual([conflict.id])
  await api.patch(`/tasks/${task.id}`, { story_points: 8, assignee: 'ada' })
  const { path } = (await api.get(`/specs/${task.spec_id}`)).body
  await api.post(`/sprints/${sprint.id}/actions/import-tasks`, {
    spec_path: path,
    content: '- [ ] T001 File [5pts] [@bob]\n',
  })
  expect(await conflictsOf(task)).toHaveLength(3)
  const ids = (await conflictsOf(task)).map((it: Json) => it.id)
  await api.post('/conflicts/actions/resolve', { project_id: project.id, ids, side: 'other' })
  expect(await taskOf(task)).toMatchObject({
    title: 'File',
    story_points: 5,
    assignee: 'bob',
    hand_set: [],
  })
})

test('nothing is left inconsistent', async () => {
  await api.settled()
  await expectConsistent(api.database)
})
