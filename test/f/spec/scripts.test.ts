import { describe, expect, it } from 'vitest'
import { main as findFolder } from '../../../f/devgodzilla/spec/find_folder.ts'
import { main as findOrCreate } from '../../../f/devgodzilla/spec/find_or_create.ts'
import { main as findSprint } from '../../../f/devgodzilla/spec/find_sprint.ts'
import { main as importTasks } from '../../../f/devgodzilla/spec/import_tasks.ts'
import { main as plan } from '../../../f/devgodzilla/spec/plan.ts'
import { main as readTasks } from '../../../f/devgodzilla/spec/read_tasks.ts'
import { main as specify } from '../../../f/devgodzilla/spec/specify.ts'
import { main as summarise } from '../../../f/devgodzilla/spec/summarise.ts'
import { main as tasks } from '../../../f/devgodzilla/spec/tasks.ts'
import { answer, apiThat, inTurn, listed, problem } from '../support/api-server.ts'
import { importReport, noGit, project, spec, sprint, task } from '../support/entities.ts'
import { type Files, repositoryWith } from '../support/git-repositories.ts'

async function projectWith(files: Files) {
  const local_path = await repositoryWith(files)
  const { api } = await apiThat({
    'GET /projects/1': answer(project({ local_path })),
    'GET /specs': listed([spec({ imports: 4, path: 'specs/001-a' })]),
  })
  return api
}

describe('find_folder, specify, plan and tasks', () => {
  const builtin = { kind: 'builtin' as const }
  const whole = {
    'specs/001-a/spec.md': '',
    'specs/001-a/plan.md': '',
    'specs/001-a/tasks.md': '#',
  }

  it('take the newest feature folder as it is', async () => {
    const api = await projectWith({ ...whole, 'specs/000-old/spec.md': '' })
    const found = await findFolder(api, noGit, builtin, 1)
    expect(found).toEqual({ spec_path: 'specs/001-a', protocol_id: null, notes: [] })
    const stage = { spec_path: 'specs/001-a', files: ['spec.md', 'plan.md', 'tasks.md'], notes: [] }
    expect(await specify(api, noGit, builtin, 1, 'specs/001-a')).toEqual(stage)
    expect(await plan(api, noGit, builtin, 1, 'specs/001-a')).toEqual(stage)
    expect(await tasks(api, noGit, builtin, 1, 'specs/001-a')).toMatchObject({ content: '#' })
  })

  it('take the folder that a file names', async () => {
    const api = await projectWith({ ...whole, 'specs/002-new/tasks.md': '' })
    expect(await findFolder(api, noGit, builtin, 1, '', 'specs/001-a/tasks.md')).toMatchObject({
      spec_path: 'specs/001-a',
    })
  })

  it('say what is missing and how to make it, where nobody asks for it', async () => {
    const api = await projectWith({ 'specs/001-a/spec.md': '', 'specs/002-b/plan.md': '' })
    await expect(plan(api, noGit, builtin, 1, 'specs/001-a')).rejects.toThrow(
      'specs/001-a has no plan.md: run /speckit.plan in the repository, then this flow again',
    )
    await expect(tasks(api, noGit, builtin, 1, 'specs/002-b')).rejects.toThrow(
      'specs/002-b has no tasks.md: run /speckit.tasks',
    )
    await expect(specify(api, noGit, builtin, 1, 'specs/003')).rejects.toThrow(
      /specs\/003 is not a feature folder.*there is specs\/002-b, specs\/001-a.*\/speckit.specify/,
    )
  })

  it('note what was left out, when a later file is there', async () => {
    const api = await projectWith({ 'specs/001-a/tasks.md': '' })
    expect((await specify(api, noGit, builtin, 1, 'specs/001-a')).notes).toEqual([
      'specs/001-a has a tasks.md without a spec.md',
    ])
    expect((await plan(api, noGit, builtin, 1, 'specs/001-a')).notes).toEqual([
      'specs/001-a has a tasks.md without a plan.md',
    ])
  })

  it('note a request for a folder that was there before it, and plan nothing', async () => {
    const api = await projectWith(whole)
    const found = await findFolder(api, noGit, builtin, 1, 'Sell tea', 'specs/001-a')
    expect(found).toEqual({
      ...{ spec_path: 'specs/001-a', protocol_id: null },
      notes: [expect.stringMatching(/from before this request: taken as they are/)],
    })
  })

  it('refuse a request without words, and one for a folder that no import would look in', async () => {
    const api = await projectWith(whole)
    await expect(findFolder(api, noGit, builtin, 1, '- # !')).rejects.toThrow(
      /feature_request has no words/,
    )
    await expect(findFolder(api, noGit, builtin, 1, 'Sell tea', 'docs/tea')).rejects.toThrow(
      /must be a folder below specs\//,
    )
  })

  it('say so in a repository without any spec', async () => {
    const api = await projectWith({ 'README.md': '' })
    await expect(findFolder(api, noGit, builtin, 1)).rejects.toThrow(
      /no feature folder below specs/,
    )
  })
})

describe('read_tasks', () => {
  it('answers the file, or null when it is gone', async () => {
    const api = await projectWith({ 'specs/001-a/tasks.md': 'x' })
    expect(await readTasks(api, noGit, 1, 'specs/001-a')).toMatchObject({
      content: 'x',
      imports: 4,
    })
    expect(await readTasks(api, noGit, 1, 'specs/002-b')).toBeNull()
  })
})

describe('import_tasks', () => {
  it('sends the text to the spec', async () => {
    const path = 'POST /specs/3/actions/import-tasks'
    const { api, changes } = await apiThat({ [path]: answer(importReport()) })
    expect(await importTasks(api, noGit, 3, 'text', 'abc')).toEqual(importReport())
    expect(changes()[0]?.body).toEqual({
      ...{ content: 'text', commit: 'abc', overwrite_existing: false, take_backlog: true },
    })
  })
})

describe('find_or_create', () => {
  it('finds a known folder', async () => {
    const { api, changes } = await apiThat({
      'GET /specs': listed([spec({ id: 2, path: 'x' }), spec()]),
    })
    expect(await findOrCreate(api, 1, 'specs/001-shop/tasks.md')).toMatchObject({ id: 3 })
    expect(changes()).toEqual([])
  })

  it('makes an unknown one', async () => {
    const { api, changes } = await apiThat({
      'GET /specs': listed([]),
      'POST /specs': answer(spec()),
    })
    expect(await findOrCreate(api, 1, 'specs/001-shop')).toMatchObject({ id: 3 })
    expect(changes()[0]?.body).toEqual({ project_id: 1, path: 'specs/001-shop' })
  })

  it('finds the one that another run made meanwhile', async () => {
    const { api } = await apiThat({
      'GET /specs': inTurn(listed([]), listed([spec()])),
      'POST /specs': problem(409, { rule: 'spec_path_unique' }),
    })
    expect(await findOrCreate(api, 1, 'specs/001-shop')).toMatchObject({ id: 3 })
  })

  it('passes on any other refusal', async () => {
    const { api } = await apiThat({
      'GET /specs': listed([]),
      'POST /specs': problem(409, { rule: 'project_archived' }),
    })
    await expect(findOrCreate(api, 1, 'specs/001-shop')).rejects.toThrow(/project_archived/)
  })
})

describe('find_sprint', () => {
  it('takes the sprint given', async () => {
    const { api } = await apiThat({ 'GET /sprints/7': answer(sprint()) })
    expect(await findSprint(api, 1, 3, 7)).toMatchObject({ sprint_id: 7, sprint: { code: 'SP-7' } })
  })

  it.each([
    ['of another project', { project_id: 2 }, /belongs to project 2/],
    ['that is closed', { status: 'completed' }, /is completed: give one that is open/],
  ])('refuses one %s', async (_, more, message) => {
    const { api } = await apiThat({ 'GET /sprints/7': answer(sprint(more)) })
    await expect(findSprint(api, 1, 3, 7)).rejects.toThrow(message)
  })

  it('else the newest open one, made for the spec or holding its tasks', async () => {
    const { api } = await apiThat({
      'GET /sprints': listed([
        sprint({ id: 5, spec_id: 3 }),
        sprint({ id: 9, status: 'completed' }),
      ]),
      'GET /tasks': listed([task({ sprint_id: 8 }), task({ sprint_id: null })]),
      'GET /sprints/8': answer(sprint({ id: 8, status: 'planning' })),
    })
    expect(await findSprint(api, 1, 3)).toMatchObject({ sprint_id: 8 })
  })

  it('or none', async () => {
    const { api } = await apiThat({ 'GET /sprints': listed([]), 'GET /tasks': listed([]) })
    expect(await findSprint(api, 1, 3)).toEqual({ sprint_id: null, sprint: null })
  })
})

describe('summarise', () => {
  it('does without a sprint', async () => {
    const imported = importReport({ sprint_id: null })
    expect(
      await summarise('specs/001-shop/tasks.md', imported, undefined, ['a note']),
    ).toMatchObject({
      message: 'specs/001-shop/tasks.md: 2 tasks; 2 new, 0 changed, 0 as they were; no sprint',
      notes: ['a note'],
      velocity: null,
    })
  })
})
