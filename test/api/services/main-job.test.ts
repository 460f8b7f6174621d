import { expect, test } from 'vitest'
import { eventually, testApi } from '../../support/api.ts'

const api = await testApi()

const tasksMd = `# Tasks: Login

## Phase 1: Setup

- [ ] T001 Create the project in src/
- [ ] T002 [P] Configure linting

## Phase 3: User Story 1 - Log in (Priority: P1)

- [ ] T003 [US1] Create User model in src/models/user.ts (depends on T001)
- [x] T004 [US1] Write the login form
`

test('a tasks.md and a protocol run become one live sprint', async () => {
  const project = (await api.post('/projects', { slug: 'demo', name: 'Demo' })).body
  const sprint = (await api.post('/sprints', { project_id: project.id, name: 'First' })).body
  expect(sprint.code).toBe('DEMO-S1')

  const imported = await api.post(`/sprints/${sprint.id}/actions/import-tasks`, {
    spec_path: 'specs/001-login',
    content: tasksMd,
  })
  expect(imported).toMatchObject({ status: 200, body: { recognised: 4, created: 4 } })
  const again = await api.post(`/sprints/${sprint.id}/actions/import-tasks`, {
    spec_path: 'specs/001-login/tasks.md',
    content: tasksMd,
  })
  expect(again.body).toMatchObject({ created: 0, updated: 0, unchanged: 4 })

  const tasks = (await api.get(`/sprints/${sprint.id}/tasks`)).body.items
  expect(tasks.map((task: { board_status: string }) => task.board_status)).toEqual([
    'todo',
    'todo',
    'todo',
    'done',
  ])

  const run = (
    await api.post('/protocols', {
      project_id: project.id,
      protocol_name: 'Build',
      steps: [
        { step_name: 'setup', step_type: 'setup' },
        { step_name: 'code', step_type: 'implementation', depends_on: ['setup'] },
      ],
    })
  ).body
  const made = await api.post(`/protocols/${run.id}/actions/create-sprint`, {})
  expect(made.status).toBe(201)
  expect((await api.post(`/protocols/${run.id}/actions/create-sprint`, {})).status).toBe(200)
  const cards = (await api.get(`/sprints/${made.body.id}/tasks`)).body.items
  expect(cards).toHaveLength(2)

  const [setup, code] = run.steps
  const early = await api.post(`/steps/${code.id}/actions/start`)
  expect(early).toMatchObject({ status: 409, body: { rule: 'dependencies_met' } })
  await api.post(`/steps/${setup.id}/actions/start`)
  expect((await api.post(`/steps/${setup.id}/actions/complete`)).body.status).toBe('completed')
  const velocity = await eventually(
    () => api.get(`/sprints/${made.body.id}/velocity`),
    (answer) => answer.body.completed_points === 1,
  )
  expect(velocity.body).toEqual({
    sprint_id: made.body.id,
    velocity_actual: 1,
    total_points: 6,
    completed_points: 1,
    completion_rate: 1 / 6,
  })
  const stored = await eventually(
    () => api.get(`/sprints/${made.body.id}`),
    (answer) => answer.body.velocity_actual === 1,
  )
  expect(stored.body.velocity_actual).toBe(1)

  const done = await api.post(`/sprints/${made.body.id}/actions/complete`, {})
  expect(done.body.report).toMatchObject({ completed_points: 1, carried_over_points: 5 })
  const exported = await api.post(`/sprints/${sprint.id}/actions/export-tasks`, {})
  expect(exported.body.files[0].content).toBe(tasksMd)
  const doc = await api.get('/openapi.json')
  expect(Object.keys(doc.body.paths).length).toBeGreaterThan(30)
})
