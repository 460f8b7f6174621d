import { describe, expect, it } from 'vitest'
import { main as importTasks } from '../../../f/devgodzilla/sprint/import_tasks.ts'
import { main as readTasks } from '../../../f/devgodzilla/sprint/read_tasks.ts'
import { main as refreshMetrics } from '../../../f/devgodzilla/sprint/refresh_metrics.ts'
import { main as summariseSync } from '../../../f/devgodzilla/sprint/summarise_sync.ts'
import { main as validateImport } from '../../../f/devgodzilla/sprint/validate_import.ts'
import { answer, apiThat, inTurn, listed, problem, type Received } from '../support/api-server.ts'
import { importReport, noGit, project, spec, sprint, task, velocity } from '../support/entities.ts'
import { repositoryWith } from '../support/git-repositories.ts'

describe('read_tasks', () => {
  it('reads from the repository of the sprint’s project', async () => {
    const local_path = await repositoryWith({ 'specs/001-shop/tasks.md': '- [ ] T001 One\n' })
    const { api } = await apiThat({
      'GET /sprints/7': answer(sprint()),
      'GET /projects/1': answer(project({ local_path })),
      'GET /specs': listed([]),
    })
    const file = await readTasks(api, noGit, 7, 'specs/001-shop')
    expect(file).toMatchObject({
      spec_path: 'specs/001-shop/tasks.md',
      content: '- [ ] T001 One\n',
      imports: 0,
      commit: expect.stringMatching(/^[0-9a-f]{40}$/),
    })
    await expect(readTasks(api, noGit, 7, 'specs/002')).rejects.toThrow(
      /no specs\/002\/tasks.md in the repository: spec_path may be specs\/001-shop/,
    )
  })
})

describe('import_tasks', () => {
  it('sends the text and its commit', async () => {
    const path = 'POST /sprints/7/actions/import-tasks'
    const { api, changes } = await apiThat({ [path]: answer(importReport()) })
    expect(await importTasks(api, noGit, 7, 'specs/001-shop', 'text', 'abc', 2, true)).toEqual(
      importReport(),
    )
    await importTasks(api, noGit, 7, 'specs/001-shop', 'text')
    expect(changes().map(({ body }) => body)).toEqual([
      {
        ...{ spec_path: 'specs/001-shop', content: 'text', commit: 'abc' },
        ...{ expected_imports: 2, overwrite_existing: true },
      },
      { spec_path: 'specs/001-shop', content: 'text', overwrite_existing: false },
    ])
  })

  it('reads the file again where another import came between, and sends that', async () => {
    const local_path = await repositoryWith({ 'specs/001-shop/tasks.md': 'newer' })
    const overtaken = problem(409, { rule: 'import_overtaken' })
    const { api, changes } = await apiThat({
      'GET /sprints/7': answer(sprint()),
      'GET /projects/1': answer(project({ local_path })),
      'GET /specs': inTurn(listed([spec({ imports: 5 })]), listed([spec({ imports: 6 })])),
      'POST /sprints/7/actions/import-tasks': inTurn(overtaken, overtaken, answer(importReport())),
    })
    await importTasks(api, noGit, 7, 'specs/001-shop', 'old', undefined, 4)
    expect(changes().map(({ body }) => body)).toMatchObject([
      { content: 'old', expected_imports: 4 },
      { content: 'newer', expected_imports: 5 },
      { content: 'newer', expected_imports: 6 },
    ])
  })

  it('passes on any other refusal at once', async () => {
    const path = 'POST /sprints/7/actions/import-tasks'
    const { api, changes } = await apiThat({ [path]: problem(409, { rule: 'sprint_completed' }) })
    const sent = importTasks(api, noGit, 7, 'specs/001-shop', 'text', undefined, 1)
    await expect(sent).rejects.toThrow('sprint_completed')
    expect(changes()).toHaveLength(1)
  })
})

describe('validate_import', () => {
  const tasks = (...items: object[]) => ({
    'GET /tasks': listed(items),
    'GET /specs/3': answer(spec()),
  })

  it('counts what is on the board and what is archived', async () => {
    const { api, received } = await apiThat(
      tasks(task(), task({ board_status: 'archived' }), task({ external_id: null })),
    )
    expect(await validateImport(api, importReport())).toEqual({
      ...{ recognised: 2, present: 1, archived: 1 },
    })
    expect(received[0]?.query).toMatchObject({ spec_id: '3' })
  })

  it('reads every page', async () => {
    const pages = ({ query }: Received) => ({
      body: query.cursor
        ? { items: [task()], next_cursor: null }
        : { items: [task()], next_cursor: 'more' },
    })
    const { api } = await apiThat({ 'GET /tasks': pages })
    expect(await validateImport(api, importReport())).toMatchObject({ present: 2 })
  })

  it('fails when a recognised task is missing', async () => {
    const { api } = await apiThat(tasks(task()))
    await expect(validateImport(api, importReport())).rejects.toThrow(
      /2 tasks of specs\/001-shop were recognised, but only 1 exist/,
    )
  })

  it('fails when the counts do not add up', async () => {
    const { api } = await apiThat(tasks(task(), task()))
    await expect(validateImport(api, importReport({ unchanged: 1 }))).rejects.toThrow(/add up/)
  })
})

describe('refresh_metrics and summarise_sync', () => {
  it('end in one sentence and the numbers', async () => {
    const { api } = await apiThat({ 'GET /sprints/7/velocity': answer(velocity()) })
    const points = await refreshMetrics(api, 7)
    const imported = importReport({
      ...{ created: 1, unchanged: 1, archived: [{ task_id: 9, external_id: 'T009' }] },
      elsewhere: [{ task_id: 8, external_id: 'T008', sprint_id: 6 }],
      conflicts: [{ task_id: 1, field: 'title', file: 'a', board: 'b', base: 'c' }],
    })
    expect(await summariseSync('specs/001-shop/tasks.md', imported, points)).toMatchObject({
      ...{ sprint_id: 7, spec_id: 3, recognised: 2, created: 1, unchanged: 1 },
      archived: ['T009'],
      velocity: { completed_points: 3, total_points: 6 },
      message:
        'specs/001-shop/tasks.md: 2 tasks; 1 new, 0 changed, 1 as they were; ' +
        '1 archived, since the file has them no more; 1 left in another sprint; ' +
        '1 conflicts to look at; 3 of 6 points done',
    })
  })
})
