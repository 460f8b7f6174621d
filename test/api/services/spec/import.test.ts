import { expect, test } from 'vitest'
import type { Json } from '../../../support/api.ts'
import { checkedApi } from '../../support/checked-api.ts'
import { expectConsistent } from '../../support/consistent.ts'

const api = await checkedApi()
const project = await api.project()
let specs = 0
const newPath = () => `specs/${String(++specs).padStart(3, '0')}-feature`

const into = (sprint: Json, spec_path: string, content: string, fields: object = {}) =>
  api.post(`/sprints/${sprint.id}/actions/import-tasks`, { spec_path, content, ...fields })
const tasksOf = async (path: string) => {
  const { items } = (await api.get(`/specs?project_id=${project.id}&limit=1000`)).body
  const spec = items.find((it: Json) => it.path === path)
  return (await api.get(`/tasks?spec_id=${spec.id}&limit=1000`)).body.items
}
const taskOf = async (path: string, id: string, occurrence = 1) =>
  (await tasksOf(path)).find((it: Json) => it.external_id === id && it.occurrence === occurrence)
const lastEvent = async () => (await api.database.sql`select max(id) as id from events`)[0]?.id

const file = `# Tasks

- [ ] T001 Create the project
- [ ] T002 [P] Configure linting in biome.json
- [~] T003 Write the model (depends on T001)
- [x] T004 Write the form
- [ ] T001 Create it a second time
`

test('the same file again changes nothing: no event, no time, no number', async () => {
  const [sprint, path] = [await api.sprint(project.id), newPath()]
  const first = (await into(sprint, path, file)).body
  expect(first).toMatchObject({ recognised: 5, created: 5, dependencies: { hard: 1 } })
  await api.settled()
  const [before, told, spec] = [
    await tasksOf(path),
    await lastEvent(),
    (await api.get(`/specs/${first.spec_id}`)).body,
  ]
  const again = (await into(sprint, `${path}/tasks.md`, file)).body
  expect(again).toMatchObject({ created: 0, updated: 0, unchanged: 5, archived: [], moved: 0 })
  await api.settled()
  expect(await tasksOf(path)).toEqual(before)
  expect(await lastEvent()).toBe(told)
  expect((await api.get(`/specs/${first.spec_id}`)).body).toEqual(spec)
  expect(before.map((it: Json) => [it.external_id, it.occurrence, it.board_status])).toEqual([
    ['T001', 1, 'todo'],
    ['T002', 1, 'todo'],
    ['T003', 1, 'in_progress'],
    ['T004', 1, 'done'],
    ['T001', 2, 'todo'],
  ])
})

test('an import made from a file that was read before another import is refused', async () => {
  const [sprint, path] = [await api.sprint(project.id), newPath()]
  const importsOf = async () =>
    (await api.get(`/specs?project_id=${project.id}&path=${path}/tasks.md`)).body.items[0]?.imports
  expect(await importsOf()).toBeUndefined()
  const [old, fresh] = [file, file.replace('[ ] T002', '[x] T002')]

  // Both began before the spec was known; the one that read last was faster.
  expect((await into(sprint, path, fresh, { expected_imports: 0 })).status).toBe(200)
  const before = await tasksOf(path)
  const late = await into(sprint, path, old, { expected_imports: 0 })
  expect(late).toMatchObject({
    status: 409,
    body: { rule: 'import_overtaken', detail: expect.stringContaining('expected_imports 1') },
  })
  expect(await tasksOf(path)).toEqual(before)

  // Put back to what it was, the file looks the same to whoever reads it now.
  const imports = await importsOf()
  expect(imports).toBe(1)
  expect((await into(sprint, path, fresh, { expected_imports: imports })).body.updated).toBe(0)
  const again = await into(sprint, path, old, { expected_imports: imports })
  expect(again.body.rule, 'although nothing has changed since').toBe('import_overtaken')
  expect((await into(sprint, path, old)).status, 'who names no count is taken at its word').toBe(
    200,
  )
  expect(await importsOf()).toBe(3)
})

test('a changed file changes what changed and nothing else', async () => {
  const [sprint, path] = [await api.sprint(project.id), newPath()]
  await into(sprint, path, file)
  const before = await tasksOf(path)
  const changed = file
    .replace('Configure linting', 'Configure formatting')
    .replace('[~] T003', '[x] T003')
    .replace('- [x] T004 Write the form\n', '')
    .concat('- [ ] T005 Deploy (depends on T003)\n')
  const report = (await into(sprint, path, changed)).body
  expect(report).toMatchObject({ created: 1, updated: 2, unchanged: 2 })
  expect(report.archived.map((it: Json) => it.external_id)).toEqual(['T004'])
  const after = await tasksOf(path)
  const untouched = (id: string, n: number) => (it: Json) =>
    it.external_id === id && it.occurrence === n
  for (const same of [untouched('T001', 1), untouched('T001', 2)]) {
    expect(after.find(same)).toEqual(before.find(same))
  }
  expect((await taskOf(path, 'T002')).title).toContain('Configure formatting')
  expect((await taskOf(path, 'T003')).board_status).toBe('done')
  expect((await taskOf(path, 'T004')).board_status).toBe('archived')
  // A vanished task comes back as itself.
  await into(sprint, path, file)
  expect(await taskOf(path, 'T004')).toMatchObject({
    id: before.find(untouched('T004', 1)).id,
    board_status: 'done',
  })
})

test('prose that changes is remembered, and no task is touched by it', async () => {
  const [sprint, path] = [await api.sprint(project.id), newPath()]
  await into(sprint, path, file)
  const before = await tasksOf(path)
  expect((await into(sprint, path, `Some words.\n\n${file}`)).body.unchanged).toBe(5)
  expect(await tasksOf(path)).toEqual(before)
})

test('dependencies follow the file, weaker ones too', async () => {
  const [sprint, path] = [await api.sprint(project.id), newPath()]
  const edges = async (id: string) =>
    (await api.get(`/tasks/${(await taskOf(path, id)).id}/dependencies`)).body.depends_on
  await into(sprint, path, '- [ ] T001 A\n- [ ] T002 B (depends on T001)\n')
  expect(await edges('T002')).toMatchObject([{ kind: 'hard', source: 'spec' }])
  const byHand = { depends_on_id: (await taskOf(path, 'T001')).id, kind: 'suggested' }
  await into(sprint, path, '- [ ] T001 A\n- [ ] T002 B\n- [ ] T003 C (depends on T001)\n')
  expect((await edges('T002')).filter((it: Json) => it.kind === 'hard')).toEqual([])
  await api.post(`/tasks/${(await taskOf(path, 'T003')).id}/dependencies`, byHand)
  expect(await edges('T003')).toMatchObject([{ kind: 'hard', source: 'spec' }])
  // What the file says less firmly is held less firmly.
  await into(
    sprint,
    path,
    '- [ ] T001 A\n- [ ] T002 B\n- [ ] T003 C\n\n- T003 is blocked by T001\n',
  )
  expect(await edges('T003')).toMatchObject([{ kind: 'suggested', source: 'spec' }])
  // The direction may turn round.
  await into(sprint, path, '- [ ] T001 A (depends on T003)\n- [ ] T002 B\n- [ ] T003 C\n')
  expect(await edges('T001')).toMatchObject([{ kind: 'hard' }])
})

test('a conflict keeps the board and is recorded once; overwrite_existing takes the file', async () => {
  const [sprint, path] = [await api.sprint(project.id), newPath()]
  const text = (title: string) => `- [ ] T001 ${title}\n- [ ] T002 Same\n`
  await into(sprint, path, text('Old'))
  const { id } = await taskOf(path, 'T001')
  await api.patch(`/tasks/${id}`, { title: 'Board', story_points: 8 })
  const report = (await into(sprint, path, text('File'))).body
  expect(report.conflicts).toEqual([
    { task_id: id, field: 'title', file: 'File', board: 'Board', base: 'Old' },
  ])
  expect(await taskOf(path, 'T001')).toMatchObject({ title: 'Board', story_points: 8 })
  expect((await into(sprint, path, text('File'))).body.conflicts).toEqual([])
  const recorded = (await api.get(`/conflicts?task_id=${id}`)).body.items
  expect(recorded).toMatchObject([{ board_value: 'Board', other_value: 'File', base_value: 'Old' }])
  // The board alone changed: it stays, whatever is asked.
  await into(sprint, path, text('File'), { overwrite_existing: true })
  expect(await taskOf(path, 'T001')).toMatchObject({ title: 'Board' })
  const forced = await into(sprint, path, text('File 2'), { overwrite_existing: true })
  expect(forced.body.conflicts).toMatchObject([{ field: 'title', file: 'File 2' }])
  expect(await taskOf(path, 'T001')).toMatchObject({ title: 'File 2', story_points: 8 })
})

test('what a person has set survives every import, even where it is what the file once said', async () => {
  const [sprint, path] = [await api.sprint(project.id), newPath()]
  const line = (title: string, tags: string) => `- [ ] T001 ${title} ${tags}\n`
  await into(sprint, path, line('Old', '[3pts] [@ann]'))
  const { id } = await taskOf(path, 'T001')
  const byHand = { priority: 'critical', story_points: 5, title: 'Mine', assignee: 'ada' }
  await api.patch(`/tasks/${id}`, byHand)
  const conflicts = async (content: string) =>
    (await into(sprint, path, content)).body.conflicts.map((it: Json) => it.field).sort()
  expect(await conflicts(line('New', '[8pts] [@bob]'))).toEqual([
    'assignee',
    'story_points',
    'title',
  ])
  expect(await taskOf(path, 'T001')).toMatchObject(byHand)
  // The file comes round to it and moves on: still the person's.
  expect(await conflicts(line('Mine', '[5pts] [@ada]'))).toEqual([])
  expect(await conflicts(line('Newer', '[13pts] [@cy]'))).toHaveLength(3)
  expect(await taskOf(path, 'T001')).toMatchObject(byHand)
})

test('points that nobody has set are the file’s to set', async () => {
  const [sprint, path] = [await api.sprint(project.id), newPath()]
  await into(sprint, path, '- [ ] T001 One\n')
  expect(await taskOf(path, 'T001')).toMatchObject({ story_points: 3 })
  expect((await into(sprint, path, '- [ ] T001 One [8pts]\n')).body.conflicts).toEqual([])
  expect(await taskOf(path, 'T001')).toMatchObject({ story_points: 8 })
})

test('into another sprint, backlog tasks move; tasks of open sprints stay and are listed', async () => {
  const path = newPath()
  const [first, second] = [await api.sprint(project.id), await api.sprint(project.id)]
  await into(first, path, file)
  const [stays, waits, archived] = [
    await taskOf(path, 'T001'),
    await taskOf(path, 'T002'),
    await taskOf(path, 'T004'),
  ]
  await api.patch(`/tasks/${waits.id}`, { sprint_id: null })
  await api.delete(`/tasks/${archived.id}`)
  const report = (await into(second, path, file)).body
  expect(report).toMatchObject({ moved: 1, created: 0 })
  expect(report.elsewhere.map((it: Json) => it.task_id)).toContain(stays.id)
  expect(report.elsewhere.every((it: Json) => it.sprint_id === first.id)).toBe(true)
  expect(await taskOf(path, 'T002')).toMatchObject({ sprint_id: second.id, board_status: 'todo' })
  expect(await taskOf(path, 'T001')).toMatchObject({ sprint_id: first.id })
  // What the file says of a task in another sprint counts there.
  await into(second, path, file.replace('[ ] T001 Create the', '[x] T001 Create the'))
  await api.settled()
  expect(await taskOf(path, 'T001')).toMatchObject({ sprint_id: first.id, board_status: 'done' })
  const velocity = (await api.get(`/sprints/${first.id}/velocity`)).body.velocity_actual
  expect((await api.get(`/sprints/${first.id}`)).body.velocity_actual).toBe(velocity)
  expect(velocity).toBeGreaterThan(0)
})

test('tasks of a closed sprint stay as they were', async () => {
  const [sprint, path] = [await api.sprint(project.id), newPath()]
  await into(sprint, path, file)
  await api.post(`/sprints/${sprint.id}/actions/complete`)
  const closed = await taskOf(path, 'T004')
  await into(await api.sprint(project.id), path, '- [ ] T004 Another title\n')
  expect(await taskOf(path, 'T004')).toEqual(closed)
})

test('without a sprint, tasks go to the newest open sprint of the spec, else to the backlog', async () => {
  const spec = (await api.post('/specs', { project_id: project.id, path: newPath() })).body
  const path = `/specs/${spec.id}/actions/import-tasks`
  const alone = (await api.post(path, { content: '- [ ] T001 A\n' })).body
  expect(alone.sprint_id).toBeNull()
  expect(await taskOf(spec.path, 'T001')).toMatchObject({
    sprint_id: null,
    board_status: 'backlog',
  })
  const [own] = [await api.sprint(project.id, { spec_id: spec.id })]
  const moved = (await api.post(path, { content: '- [ ] T001 A\n- [ ] T002 B\n' })).body
  expect(moved).toMatchObject({ sprint_id: own.id, created: 1, moved: 1 })
  await api.post(`/sprints/${own.id}/actions/complete`)
  expect((await api.post(path, { content: '- [ ] T003 C\n' })).body.sprint_id).toBeNull()
})

test('equal ids in two specs are two tasks, and an unknown spec is created', async () => {
  const [sprint, one, two] = [await api.sprint(project.id), newPath(), newPath()]
  await into(sprint, one, '- [ ] T001 One\n')
  await into(sprint, `./${two}/`, '- [ ] T001 Two\n')
  expect((await taskOf(one, 'T001')).title).toBe('One')
  expect((await taskOf(two, 'T001')).title).toBe('Two')
})

test('lines that look like tasks and were not taken are reported with the reason', async () => {
  const sprint = await api.sprint(project.id)
  const report = (await into(sprint, newPath(), '- [ ] T001 Real\n- [ ]\n')).body
  expect(report.skipped).toEqual([
    expect.objectContaining({ line: 2, reason: expect.stringMatching(/\w+/) }),
  ])
})

test('an import of a text that holds what Postgres cannot is refused with the field', async () => {
  const sprint = await api.sprint(project.id)
  for (const content of ['- [ ] T001 a\u0000b', '- [ ] T001 a\ud800b']) {
    expect(await into(sprint, newPath(), content)).toMatchObject({
      status: 422,
      body: { errors: [{ field: 'content' }] },
    })
  }
})

test('nothing is left inconsistent', async () => {
  await api.settled()
  await expectConsistent(api.database)
})
