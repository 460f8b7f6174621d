import { expect, test } from 'vitest'
import { checkedApi } from '../../support/checked-api.ts'

const api = await checkedApi()
const project = await api.project()
const spec_path = 'specs/001-preview'
const preview = (content: string | undefined, fields: object = {}) =>
  api.post('/specs/actions/preview-import', {
    project_id: project.id,
    spec_path,
    content,
    ...fields,
  })
/** Everything that an import may touch. */
const everything = async () => ({
  specs: (await api.get('/specs')).body.items,
  tasks: (await api.get('/tasks')).body.items,
  events: (await api.get('/events')).body.items,
})
const first = `- [x] T001 [US1] Lay out
- [ ] T002 Build (depends on T001)
- [ ] T003 Write notes
- [ ] no id
`

test('a preview tells each task of an unknown spec and creates nothing', async () => {
  const before = await everything()
  const { status, body } = await preview(first)
  expect({ status, body }).toMatchObject({
    status: 200,
    body: {
      spec_id: null,
      spec_path: `${spec_path}/tasks.md`,
      imports: 0,
      recognised: 3,
      skipped: [{ line: 4, reason: 'checkbox_without_id' }],
      tasks: [
        { line: 1, external_id: 'T001', mark: 'done', labels: ['US1'], outcome: 'new' },
        { line: 2, external_id: 'T002', mark: 'open', depends_on: ['T001'], outcome: 'new' },
        { line: 3, external_id: 'T003', task_id: null },
      ],
    },
  })
  expect(await everything()).toEqual(before)
})

test('a preview says what the import then does: it is the same plan', async () => {
  const spec = (await api.post('/specs', { project_id: project.id, path: spec_path })).body
  await api.post(`/specs/${spec.id}/actions/import-tasks`, { content: first })
  const cards = (await api.get(`/tasks?spec_id=${spec.id}`)).body.items
  await api.patch(`/tasks/${cards[2].id}`, { title: 'Write long notes' })
  const sprint = await api.sprint(project.id)
  const second = `- [x] T001 [US1] Lay out
- [x] T003 Write short notes
- [ ] T004 New
`
  const before = await everything()
  const { body: told } = await preview(second, { sprint_id: sprint.id })
  expect(await everything()).toEqual(before)
  expect(told).toMatchObject({
    spec_id: spec.id,
    imports: 1,
    seen_before: false,
    archived: [{ external_id: 'T002' }],
    conflicts: [{ field: 'title', file: 'Write short notes', board: 'Write long notes' }],
    tasks: [
      { external_id: 'T001', outcome: 'unchanged', moved: true },
      {
        external_id: 'T003',
        outcome: 'changed',
        changes: [{ field: 'board_status', from: 'backlog', to: 'done' }],
      },
      { external_id: 'T004', outcome: 'new', task_id: null },
    ],
  })

  const { body: report } = await api.post(`/sprints/${sprint.id}/actions/import-tasks`, {
    spec_path,
    content: second,
    expected_imports: told.imports,
  })
  const { tasks, spec_path: _, imports: __, seen_before: ___, ...same } = told
  expect(report).toMatchObject(same)
  expect(report.created).toBe(1)
  expect((await preview(second, { sprint_id: sprint.id })).body).toMatchObject({
    seen_before: true,
    conflicts: [],
    archived: [],
    moved: 0,
  })
})

test('a preview refuses what the import would refuse', async () => {
  expect(await preview('- [ ] T001 \0\n')).toMatchObject({ status: 422 })
  expect(await preview(undefined)).toMatchObject({
    status: 422,
    body: { errors: [{ field: 'content' }] },
  })
  expect(await preview(first, { spec_path: '../etc' })).toMatchObject({ status: 422 })
  const ended = await api.sprint(project.id)
  await api.post(`/sprints/${ended.id}/actions/complete`, {})
  expect(await preview(first, { sprint_id: ended.id })).toMatchObject({
    status: 409,
    body: { rule: 'closed_sprint_is_read_only' },
  })
  const elsewhere = await api.sprint((await api.project()).id)
  expect(await preview(first, { sprint_id: elsewhere.id })).toMatchObject({ status: 409 })
})

test('an import goes into the backlog when told so, even while its spec has a sprint', async () => {
  const spec = (await api.post('/specs', { project_id: project.id, path: 'specs/002' })).body
  await api.sprint(project.id, { spec_id: spec.id })
  const { body } = await api.post(`/specs/${spec.id}/actions/import-tasks`, {
    content: '- [ ] T001 A\n',
    into: 'backlog',
  })
  expect(body.sprint_id).toBe(null)
  expect((await api.get(`/tasks?spec_id=${spec.id}`)).body.items).toMatchObject([
    { sprint_id: null, board_status: 'backlog' },
  ])
})
