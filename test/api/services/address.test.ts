import { expect, test } from 'vitest'
import { checkedApi } from '../support/checked-api.ts'

const api = await checkedApi()
const project = await api.project({ slug: 'harbour' })
const sprint = await api.sprint(project.id, { code: 'HARBOUR-S1' })
const [task, other] = [
  await api.task(project.id, { code: 'PIER-1' }),
  await api.task(project.id, { code: 'harbour-two' }),
]

test('a code or a slug stands for the id in path, query and body', async () => {
  expect((await api.get('/sprints/HARBOUR-S1')).body).toEqual(
    (await api.get(`/sprints/${sprint.id}`)).body,
  )
  expect((await api.get('/projects/harbour')).body.id).toBe(project.id)
  const moved = await api.patch('/tasks/PIER-1', { sprint_id: 'HARBOUR-S1' })
  expect(moved.body).toMatchObject({ id: task.id, sprint_id: sprint.id })
  const listed = await api.get('/tasks?sprint_id=HARBOUR-S1&project_id=harbour')
  expect(listed.body.items.map((it: { id: number }) => it.id)).toEqual([task.id])
  const made = await api.post('/tasks', { project_id: 'harbour', title: 'By name' })
  expect(made).toMatchObject({ status: 201, body: { project_id: project.id } })
})

test('also in lists, within changes, and for several at once', async () => {
  const changed = await api.post('/tasks/actions/update', {
    task_ids: ['harbour-two', `${task.id}`],
    changes: { sprint_id: 'HARBOUR-S1', priority: 'high' },
    expected: { sprint_id: 'HARBOUR-S1' },
  })
  expect(changed.body.updated.map((it: { id: number }) => it.id)).toEqual([task.id])
  expect(changed.body.refused).toMatchObject([{ task_id: other.id }])
  const path = '/tasks/PIER-1/dependencies'
  expect((await api.post(path, { depends_on_id: 'harbour-two' })).status).toBe(201)
  expect((await api.delete(`${path}/harbour-two`)).status).toBe(200)
})

test.each([
  ['GET', '/sprints/HARBOUR-S2', undefined, 'sprint_id', 'HARBOUR-S1'],
  ['GET', '/tasks?sprint_id=harbour-s3', undefined, 'sprint_id', 'HARBOUR-S1'],
  ['PATCH', '/tasks/harbour-tow', { title: 'x' }, 'task_id', 'harbour-two'],
  ['POST', '/tasks', { project_id: 'harbor', title: 'x' }, 'project_id', 'harbour'],
  [
    'POST',
    '/tasks/actions/update',
    { task_ids: ['PIER-1', 'PIER-9'], changes: { title: 'x' } },
    'task_ids.1',
    'PIER-1',
  ],
])('%s %s names the field and the nearest there is', async (method, path, body, field, near) => {
  const { status, body: told } = await api.request(method, path, body)
  expect({ status, rule: told.rule }).toEqual({ status: 404, rule: 'exists' })
  expect(told.errors[0].field).toBe(field)
  expect(told.detail).toContain(`Did you mean ${near}`)
})

test('what looks like neither is refused as before, and text elsewhere is left alone', async () => {
  expect((await api.get('/sprints/0')).status).toBe(422)
  expect((await api.get('/tasks?sprint_id=%C3%A4')).status).toBe(422)
  // Nor is it looked for.
  const unknown = await api.patch('/tasks/PIER-1', { project_id: 'nowhere' })
  expect(unknown.body.errors).toEqual([{ field: 'project_id', message: 'is not known here' }])
  const kept = await api.patch('/tasks/PIER-1', { agent_config: { task_id: 'PIER-1' } })
  expect(kept.body.agent_config).toEqual({ task_id: 'PIER-1' })
})
