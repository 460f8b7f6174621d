import { expect, test } from 'vitest'
import { syncDelegation } from '../../../../api/commands/delegation.ts'
import { checkedApi } from '../../support/checked-api.ts'
import { Repository } from './support/repository.ts'

const api = await checkedApi()
let count = 0

async function begun(settings: object = { delegation: 'two_way' }) {
  const n = ++count
  const project = await api.project({ slug: `shop-${n}`, settings })
  const { body } = await api.post('/sprints/from-template', {
    ...{ project_id: project.id, id: `s-${n}`, title: 'Checkout' },
    tasks: [{ id: `T-${n}`, title: 'Pay' }],
  })
  const repository = new Repository(api, project)
  const folder = `delegation/sprints/s-${n}`
  return {
    ...{ n, project, repository, sprint: body.sprint, task: body.tasks[0] },
    ...{ folder, sprintFile: `${folder}/SPRINT.md`, taskFile: `${folder}/T-${n}/TASK.md` },
    conflicts: async () => (await api.get(`/conflicts?project_id=${project.id}`)).body.items,
  }
}

test('a project that keeps no files refuses to sync them', async () => {
  const { repository } = await begun({})
  expect(await repository.ask('sync')).toMatchObject({
    status: 409,
    body: { rule: 'delegation_is_off', detail: expect.stringContaining('two_way') },
  })
})

test('templates of the project come first, sets have names, and what is unknown names the nearest', async () => {
  const it = await begun()
  const { repository } = it
  const folder = 'delegation/.templates'
  repository.files.set(`${folder}/TASK.md.liquid`, '# {{ task.title }}\n\nOf {{ project.name }}.\n')
  repository.files.set(
    `${folder}/spike/TASK.md.liquid`,
    '# {{ task.title }}\n\nAsk {{ variables.who }}.\n',
  )
  repository.files.set(
    `${folder}/spike/AGENT.yml.liquid`,
    'task:\n  title: {{ task.title }}\nsafety_rails: {fs_scope: [docs]}\n',
  )
  repository.files.set(`${folder}/broken/TASK.md.liquid`, 'x\n{% if %}')
  const done = await repository.sync()
  expect(done.problems).toMatchObject([{ path: `${folder}/broken/TASK.md.liquid`, line: 2 }])
  expect(repository.text(it.taskFile)).toBe(`# Pay\n\nOf ${it.project.name}.\n`)
  const { items } = (await api.get(`/delegation/templates?project_id=${it.project.id}`)).body
  expect(
    items.map((one: { template: string; kind: string }) => `${one.template} ${one.kind}`),
  ).toEqual([
    'default task',
    'broken task',
    'spike agent',
    'spike task',
    'default sprint',
    'default task',
    'default agent',
    'default adr',
    'default bug',
  ])

  const make = (body: object) => api.post(`/sprints/${it.sprint.code}/tasks/from-template`, body)
  const task = { code: `SPIKE-${it.n}`, title: 'Ask around' }
  for (const [body, field, message] of [
    [{ ...task, template: 'spik' }, 'template', /Did you mean spike/],
    [
      { ...task, template: 'spike' },
      'template',
      /spike\/TASK\.md\.liquid:3:8: undefined variable: variables\.who/,
    ],
    [{ ...task, template: 'broken' }, 'template', /broken\/TASK\.md\.liquid:2:6/],
    [{ ...task, id: 'OTHER' }, 'id', /another name of code/],
  ] as const) {
    const { status, body: problem } = await make(body)
    expect([status, problem.errors?.[0]?.field ?? problem.detail]).toEqual([422, field])
    expect(problem.detail).toMatch(message)
  }
  const none = await api.get(`/tasks?project_id=${it.project.id}&code=${task.code}`)
  expect(none.body.items).toEqual([])

  const made = await make({ ...task, template: 'spike', variables: { who: 'Ada' } })
  expect(made.body.task.agent_config).toEqual({ safety_rails: { fs_scope: ['docs'] } })
  expect(made.body.files).toEqual(
    ['TASK.md', 'AGENT.yml'].map((name) => `${it.folder}/${task.code}/${name}`),
  )
  await repository.sync()
  expect(repository.text(made.body.files[0])).toContain('Ask Ada.')
  const agent = repository.text(made.body.files[1])
  expect(agent).toContain('title: Ask around\nsafety_rails:\n  fs_scope:\n    - docs\n')
  // A template that changes is followed, but for what somebody has written since.
  repository.edit(made.body.files[0], (text) => `${text}\nMine.\n`)
  repository.replace(`${folder}/spike/TASK.md.liquid`, 'Ask', 'Do ask')
  await repository.sync()
  expect(repository.text(made.body.files[0])).toBe('# Ask around\n\nDo ask Ada.\n\nMine.\n')
})

test('a sprint follows its file, and what the file cannot do is a conflict of the sprint', async () => {
  const it = await begun()
  await it.repository.sync()
  it.repository.replace(it.sprintFile, '# Checkout', '# Till')
  it.repository.replace(it.sprintFile, '- **Status**: planning', '- **Status**: active')
  it.repository.replace(it.sprintFile, '- **Start**: ', '- **Start**: 2026-03-01')
  const done = await it.repository.sync()
  expect(done.applied).toMatchObject({ sprints: 1, fields: 2 })
  expect((await api.get(`/sprints/${it.sprint.id}`)).body).toMatchObject({
    ...{ name: 'Till', status: 'planning', start_date: '2026-03-01T00:00:00.000Z' },
  })
  const [conflict] = await it.conflicts()
  expect(conflict).toMatchObject({
    ...{ task_id: null, sprint_id: it.sprint.id, task_code: it.sprint.code, field: 'status' },
  })
  const resolve = (side: string) => api.post(`/conflicts/${conflict.id}/actions/resolve`, { side })
  expect(await resolve('other')).toMatchObject({
    status: 409,
    body: { rule: 'shown_by_files_only' },
  })
  expect((await resolve('board')).body.resolution).toBe('board')
  await it.repository.sync()
  expect(it.repository.text(it.sprintFile)).toContain('- **Status**: planning')
  it.repository.replace(it.sprintFile, '- **End**: ', '- **End**: 2026-02-01')
  expect((await it.repository.sync()).problems).toMatchObject([
    { path: it.sprintFile, line: 6, message: expect.stringContaining('end_date') },
  ])
})

test('edits in a sprint that has ended are conflicts, never lost', async () => {
  const it = await begun()
  await api.post(`/sprints/${it.sprint.id}/actions/start`)
  await api.patch(`/tasks/${it.task.id}`, { board_status: 'done' })
  await it.repository.sync()
  await api.post(`/sprints/${it.sprint.id}/actions/complete`)
  it.repository.replace(it.taskFile, '# Pay', '# Pay later')
  const done = await it.repository.sync()
  expect(done.problems).toMatchObject([
    { path: it.taskFile, message: expect.stringContaining('read-only') },
  ])
  expect(done.conflicts).toMatchObject([{ field: 'title', database: 'Pay', file: 'Pay later' }])
  expect(it.repository.text(it.taskFile)).toContain('# Pay later')
  const [conflict] = await it.conflicts()
  const resolve = (body: object) => api.post(`/conflicts/${conflict.id}/actions/resolve`, body)
  expect((await resolve({ side: 'other' })).body.rule).toBe('closed_sprint_is_read_only')
  expect((await resolve({ side: 'other', override_reason: 'a slip' })).status).toBe(200)
  expect((await api.get(`/tasks/${it.task.id}`)).body.title).toBe('Pay later')
})

test('a view is written again, and what somebody wrote into it kept as a conflict', async () => {
  const it = await begun({ delegation: 'read_only' })
  await it.repository.sync()
  const view = it.repository.text(it.taskFile)
  it.repository.replace(it.taskFile, '# Pay', '# Pay me')
  const done = await it.repository.sync()
  expect(done.conflicts).toMatchObject([
    { path: it.taskFile, file: expect.stringContaining('# Pay me') },
  ])
  expect(it.repository.text(it.taskFile)).toBe(view)
  expect(await it.repository.sync()).toMatchObject({ writes: [], conflicts: [] })
  it.repository.edit(it.taskFile.replace('TASK.md', 'AGENT.yml'), (text) => `${text}"`)
  expect(await it.repository.sync()).toMatchObject({ problems: [], conflicts: [{}] })
  expect(await it.conflicts()).toMatchObject([
    { other_value: expect.stringContaining('# Pay me') },
    { other_value: expect.stringMatching(/"$/) },
  ])
})

test('folders follow their tasks; of an archived one only text of your own stays', async () => {
  const it = await begun()
  await it.repository.sync()
  const next = await api.sprint(it.project.id, { code: `next-${it.n}` })
  it.repository.edit(it.taskFile, (text) => `${text}\nMine.\n`)
  await api.patch(`/tasks/${it.task.id}`, { sprint_id: next.id, title: 'Pay now' })
  await it.repository.sync()
  const moved = `delegation/sprints/next-${it.n}/T-${it.n}`
  const names = () => [...it.repository.files.keys()].filter((path) => path.includes(`/T-${it.n}/`))
  expect(names().sort()).toEqual(
    ['.hash', 'AGENT.yml', 'TASK.md'].map((name) => `${moved}/${name}`),
  )
  expect(it.repository.text(`${moved}/TASK.md`)).toMatch(/# Pay now[\s\S]*Mine\./)
  expect(await it.repository.sync()).toMatchObject({ writes: [], removes: [], problems: [] })

  await api.delete(`/tasks/${it.task.id}`)
  const done = await it.repository.sync()
  expect(names()).toEqual([`${moved}/TASK.md`])
  expect(done.problems).toEqual([])
  it.repository.edit(`${moved}/TASK.md`, (text) => `${text}More.\n`)
  expect((await it.repository.sync()).problems).toMatchObject([{ path: `${moved}/TASK.md` }])
  it.repository.files.set(`${it.folder}/T-${it.n}0/TASK.md`, '# New')
  it.repository.files.delete(`${moved}/TASK.md`)
  expect((await it.repository.sync()).problems).toMatchObject([
    { message: expect.stringContaining('task create') },
  ])
})

test('decisions and bugs have files of their own, which are never written over an edit', async () => {
  const it = await begun()
  await api.post('/adrs', { project_id: it.project.id, title: 'Use event sourcing' })
  await api.post('/bugs', { project_id: it.project.id, title: 'Cart 🎉 / loses items' })
  await it.repository.sync()
  const adr = 'docs/adr/ADR-001-use-event-sourcing.md'
  const bug = [...it.repository.files.keys()].find((path) => path.startsWith('delegation/backlog/'))
  expect(it.repository.text(adr)).toContain('# ADR-001: Use event sourcing')
  expect(it.repository.text(bug ?? '')).toContain('loses items')
  it.repository.edit(adr, (text) => `${text}\nMine.\n`)
  expect((await it.repository.sync()).problems).toMatchObject([{ path: adr }])
  expect(it.repository.text(adr)).toContain('Mine.')
})

test('decisions are written by the template of their project, one that names nothing unknown', async () => {
  const it = await begun()
  const adr = 'docs/adr/ADR-001-use-brass.md'
  const template = 'delegation/.templates/ADR.md.liquid'
  await api.post('/adrs', { project_id: it.project.id, title: 'Use brass' })
  it.repository.files.set(template, 'We said: {{ adr.title }}\n{{ adr.tide }}\n')
  expect((await it.repository.sync()).problems).toMatchObject([
    { path: template, line: 2, message: expect.stringContaining('tide') },
  ])
  expect(it.repository.files.has(adr)).toBe(false)
  it.repository.files.set(template, 'We said: {{ adr.title }}\n')
  expect((await it.repository.sync()).problems).toEqual([])
  expect(it.repository.text(adr)).toBe('We said: Use brass\n')
})

test('line ends and a byte order mark stay as they are, and no path leaves the repository', async () => {
  const it = await begun()
  await it.repository.sync()
  it.repository.edit(it.taskFile, (text) => `\uFEFF${text.replaceAll('\n', '\r\n')}`)
  await api.patch(`/tasks/${it.task.id}`, { title: 'Pay twice' })
  await it.repository.sync()
  const text = it.repository.text(it.taskFile)
  expect(text.startsWith('\uFEFF# Pay twice\r\n')).toBe(true)
  expect(text.replaceAll('\r\n', '')).not.toContain('\n')
  for (const path of ['../x', '/etc/passwd', 'delegation/../../x', 'a//b', 'c:\\x']) {
    const answer = await it.repository.ask('sync', { files: [{ path, text: '' }], templates: [] })
    expect([path, answer.status]).toEqual([path, 422])
  }
})

test('as many files as a sync writes of a sprint of 10,000 tasks are taken by the next', () => {
  const files = Array.from({ length: 30_002 }, (_, n) => ({ path: `delegation/${n}`, text: '' }))
  expect(syncDelegation.body?.safeParse({ files, templates: [] }).success).toBe(true)
})

test('a task whose code is a file’s name, or another’s in other case, keeps one folder of its own', async () => {
  const it = await begun()
  const made = await api.post(`/sprints/${it.sprint.id}/tasks/from-template`, {
    ...{ code: `t-${it.n}`, title: 'Pay twice' },
  })
  const twin = `${it.folder}/_t-${it.n}_${made.body.task.id}`
  expect(made.body.files).toEqual([`${twin}/TASK.md`, `${twin}/AGENT.yml`])
  const named = await api.task(it.project.id, {
    ...{ sprint_id: it.sprint.id, code: 'Sprint.md', title: 'Named so' },
  })
  // Where two folders may differ in case alone, it had one of that kind once.
  const first = (await it.repository.ask('sync')).body
  const old = `${it.folder}/t-${it.n}/TASK.md`
  const text = first.writes.find((one: { path: string }) => one.path === `${twin}/TASK.md`).text
  it.repository.files.set(old, `${text}\nMine.\n`)
  expect(await it.repository.sync()).toMatchObject({ problems: [], removes: [{ path: old }] })
  expect(it.repository.text(`${twin}/TASK.md`)).toContain('Mine.')
  expect(it.repository.text(it.taskFile)).toContain('# Pay\n')
  const other = `${it.folder}/_Sprint.md_${named.id}/TASK.md`
  expect(it.repository.text(other)).toContain('# Named so\n')
  it.repository.replace(other, '# Named so', '# Named otherwise')
  await api.patch(`/tasks/${it.task.id}`, { board_status: 'archived' })
  const paths = () => [...it.repository.files.keys()].filter((path) => path.startsWith(`${twin}/`))
  const before = paths()
  expect(await it.repository.sync()).toMatchObject({ problems: [], applied: { tasks: 1 } })
  expect(paths()).toEqual(before)
  expect((await it.repository.ask('check')).body.agrees).toBe(true)
})
