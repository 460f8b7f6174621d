import { expect, test } from 'vitest'
import { testApi } from '../../support/api.ts'

const api = await testApi()
const project = (await api.post('/projects', { slug: 'edges', name: 'Edges' })).body

test('a box that was unticked on the board is unticked in the file, though its card has moved on', async () => {
  const sprint = (await api.post('/sprints', { project_id: project.id, name: 'One' })).body
  const spec_path = 'specs/001-edges'
  const content = '- [X] T001 Begin\n- [X] T002 Go on\n'
  await api.post(`/sprints/${sprint.id}/actions/import-tasks`, { spec_path, content })
  const [first] = (await api.get(`/sprints/${sprint.id}/tasks`)).body.items
  await api.patch(`/tasks/${first.id}`, { board_status: 'in_progress' })
  await api.post(`/sprints/${sprint.id}/actions/complete`)

  const { body } = await api.post(`/sprints/${sprint.id}/actions/export-tasks`)
  expect(body.files[0]).toMatchObject({
    content: '- [ ] T001 Begin\n- [X] T002 Go on\n',
    changed: ['T001'],
  })
})

test('the sprint of a protocol run cannot be deleted from under it', async () => {
  const run = (
    await api.post('/protocols', {
      project_id: project.id,
      protocol_name: 'Run',
      steps: [{ step_name: 'only' }],
    })
  ).body
  const sprint = (await api.post(`/protocols/${run.id}/actions/create-sprint`)).body
  expect(await api.delete(`/sprints/${sprint.id}`)).toMatchObject({
    status: 409,
    body: { rule: 'linked_sprint_stays' },
  })
})

test('a date and time without a zone is read as UTC', async () => {
  const { body } = await api.post('/sprints', {
    project_id: project.id,
    name: 'Three',
    start_date: '2026-01-05T09:00:00',
    end_date: '2026-01-19T09:00:00+02:00',
  })
  expect(body).toMatchObject({
    start_date: '2026-01-05T09:00:00.000Z',
    end_date: '2026-01-19T07:00:00.000Z',
  })
})
