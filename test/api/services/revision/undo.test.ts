import { expect, test } from 'vitest'
import type { Json } from '../../../support/api.ts'
import { checkedApi } from '../../support/checked-api.ts'

const api = await checkedApi()
const { secret } = (await api.post('/tokens', { name: 'desk', role: 'member', service: true })).body
const under = (correlation: string) => ({
  token: secret,
  headers: { 'X-Correlation-Id': correlation },
})
const undo = (correlation_id: string) => api.post('/undo', { correlation_id })
const get = async (task: Json) => (await api.get(`/tasks/${task.id}`)).body

test('undoing takes back what one correlation id changed, archives what it made, and twice is once', async () => {
  const project = await api.project()
  const sprint = await api.sprint(project.id, { goal: 'Old' })
  const [one, two] = [await api.task(project.id), await api.task(project.id)]
  const before = [await get(one), await get(two)]
  const by = under('work-1')
  const own = (await api.post('/sprints', { project_id: project.id, name: 'Own' }, by)).body
  const made = (
    await api.post('/tasks', { project_id: project.id, title: 'Made', sprint_id: own.id }, by)
  ).body
  await api.patch(`/sprints/${sprint.id}`, { goal: 'New' }, by)
  await api.post(
    '/tasks/actions/update',
    { task_ids: [one.id, two.id], changes: { sprint_id: own.id, priority: 'high' } },
    by,
  )
  await api.patch(`/tasks/${one.id}`, { board_status: 'done', labels_add: ['x'] }, by)
  await api.post(`/tasks/${two.id}/dependencies`, { depends_on_id: made.id }, by)

  const { status, body } = await undo('work-1')
  expect(status).toBe(200)
  expect(body.restored.map((it: Json) => it.code)).toEqual([sprint.code, one.code, two.code])
  expect(body.archived.map((it: Json) => it.code)).toEqual([own.code, made.code])
  const now = [await get(one), await get(two)]
  expect(now).toEqual(before.map((it) => ({ ...it, updated_at: expect.any(String) })))
  expect((await api.get(`/sprints/${sprint.id}`)).body.goal).toBe('Old')
  expect((await api.get(`/sprints/${own.id}`)).body.status).toBe('archived')
  expect((await get(made)).board_status).toBe('archived')
  expect((await api.get(`/tasks/${two.id}/dependencies`)).body.depends_on).toEqual([])
  const told = (await api.get(`/events?type=work.undone&project_id=${project.id}`)).body.items
  expect(told.map((it: Json) => it.payload)).toEqual([
    { correlation_id: 'work-1', restored: 3, archived: 2 },
  ])

  expect((await undo('work-1')).body).toMatchObject({ restored: [], archived: [] })
  expect((await undo('never-was')).status).toBe(404)
  expect((await api.get('/revisions/verification')).body.faults).toEqual([])
})

test('what later work stands on is listed, and nothing is undone', async () => {
  const project = await api.project()
  const [one, other] = [await api.task(project.id), await api.task(project.id)]
  const by = under('work-2')
  const own = (await api.post('/sprints', { project_id: project.id, name: 'Own' }, by)).body
  const made = (
    await api.post('/tasks', { project_id: project.id, title: 'Made', sprint_id: own.id }, by)
  ).body
  await api.patch(`/tasks/${one.id}`, { title: 'Theirs' }, by)
  await api.patch(`/tasks/${one.id}`, { title: 'Later' })
  const changed = await undo('work-2')
  expect(changed).toMatchObject({
    ...{ status: 409, body: { rule: 'later_work_stands_on_it', errors: [{ field: one.code }] } },
  })
  expect(changed.body.detail).toContain(`${one.code} was changed since by`)

  await api.post(`/tasks/${one.id}/actions/rollback`, { to: 2 })
  await api.post(`/tasks/${other.id}/dependencies`, { depends_on_id: made.id })
  await api.patch(`/tasks/${other.id}`, { sprint_id: own.id })
  await api.post(`/tasks/${one.id}/actions/rollback`, { to: 1 })
  const { body } = await undo('work-2')
  expect(body.errors).toEqual([
    { field: own.code, message: expect.stringContaining(`holds ${other.code}`) },
    { field: other.code, message: expect.stringContaining(`depends on ${made.code}`) },
  ])
  expect((await get(made)).board_status).toBe('todo')
})

test('an undo within a sprint that has ended is refused', async () => {
  const project = await api.project()
  const sprint = await api.sprint(project.id)
  const task = await api.task(project.id, { sprint_id: sprint.id })
  await api.patch(`/tasks/${task.id}`, { board_status: 'done' }, under('work-3'))
  await api.post(`/sprints/${sprint.id}/actions/start`)
  await api.post(`/sprints/${sprint.id}/actions/complete`)
  const answer = await undo('work-3')
  expect(answer).toMatchObject({ status: 409, body: { errors: [{ field: task.code }] } })
  expect((await get(task)).board_status).toBe('done')
})

test('work that started a sprint is not undone, not in part either, and says what is left to do', async () => {
  const project = await api.project()
  const sprint = await api.sprint(project.id, { goal: 'Old' })
  const task = await api.task(project.id, { sprint_id: sprint.id, title: 'Before' })
  const by = under('work-start')
  await api.patch(`/tasks/${task.id}`, { title: 'After' }, by)
  await api.patch(`/sprints/${sprint.id}`, { goal: 'New' }, by)
  await api.post(`/sprints/${sprint.id}/actions/start`, {}, by)
  const refused = await undo('work-start')
  expect(refused).toMatchObject({
    ...{ status: 409, body: { rule: 'later_work_stands_on_it', errors: [{ field: sprint.code }] } },
  })
  expect(refused.body.detail).toMatch(
    /active and was planning then.*neither.*it stays started.*PATCH/,
  )
  expect(refused.body.detail).not.toContain('..')
  expect((await get(task)).title).toBe('After')
  expect((await api.get(`/sprints/${sprint.id}`)).body).toMatchObject({
    ...{ goal: 'New', status: 'active' },
  })
  const { items } = (await api.get(`/sprints/${sprint.id}/history`)).body
  expect(items.flatMap((it: Json) => it.fields)).toContain('status')
})
