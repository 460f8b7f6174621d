import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { sha256 } from '../../../f/devgodzilla/lib/spec_files.ts'
import { main as checkOpenWork } from '../../../f/devgodzilla/sprint/check_open_work.ts'
import { main as complete } from '../../../f/devgodzilla/sprint/complete.ts'
import { main as exportTicks } from '../../../f/devgodzilla/sprint/export_ticks.ts'
import { main as getSprint } from '../../../f/devgodzilla/sprint/get_sprint.ts'
import { main as listSpecs } from '../../../f/devgodzilla/sprint/list_specs.ts'
import { main as reportCompletion } from '../../../f/devgodzilla/sprint/report_completion.ts'
import { type Answer, answer, apiThat, inTurn, listed } from '../support/api-server.ts'
import { completed, importReport, noGit, project, spec, sprint, task } from '../support/entities.ts'
import { git, repositoryWith, writeFiles } from '../support/git-repositories.ts'
import { remoteWith } from '../support/git-server.ts'

describe('list_specs', () => {
  it('names each spec of the sprint and of its tasks once', async () => {
    const { api } = await apiThat({
      'GET /sprints/7': answer(sprint({ spec_id: 4 })),
      'GET /sprints/7/tasks': listed([task(), task(), task({ spec_id: null })]),
      'GET /specs/3': answer(spec()),
      'GET /specs/4': answer(spec({ id: 4, path: 'specs/002-till' })),
    })
    expect(await listSpecs(api, 7)).toMatchObject({
      completed: false,
      specs: [
        { spec_id: 3, path: 'specs/001-shop' },
        { spec_id: 4, path: 'specs/002-till' },
      ],
    })
  })

  it('names none for a completed sprint', async () => {
    const { api, received } = await apiThat({
      'GET /sprints/7': answer(sprint({ spec_id: 4, status: 'completed' })),
    })
    expect(await listSpecs(api, 7)).toMatchObject({ completed: true, specs: [] })
    expect(received).toHaveLength(1)
  })

  it.each(['archived', 'failed'])('refuses a sprint that is %s', async (status) => {
    const { api } = await apiThat({ 'GET /sprints/7': answer(sprint({ status })) })
    await expect(listSpecs(api, 7)).rejects.toThrow(`sprint SP-7 is ${status}`)
  })
})

describe('get_sprint', () => {
  it('passes on everything that the API tells', async () => {
    const { api } = await apiThat({ 'GET /sprints/7': answer(sprint({ goal: 'Sell' })) })
    expect(await getSprint(api, 7)).toEqual(sprint({ goal: 'Sell' }))
  })
})

describe('check_open_work', () => {
  it('lists what is not done', async () => {
    const { api } = await apiThat({
      'GET /sprints/7/tasks': listed([
        task({ id: 1, board_status: 'done' }),
        task({ id: 2, board_status: 'archived' }),
        task({ id: 3, board_status: 'review', story_points: 5 }),
        task({ id: 4, story_points: null }),
      ]),
    })
    const work = await checkOpenWork(api, 7)
    expect(work.tasks.map(({ task_id }) => task_id)).toEqual([3, 4])
    expect(work).toMatchObject({
      points: 5,
      message: '2 tasks are not done (5 points), 1 of them begun',
    })
  })

  it('is content with nothing', async () => {
    const { api } = await apiThat({ 'GET /sprints/7/tasks': listed([]) })
    expect(await checkOpenWork(api, 7)).toMatchObject({ tasks: [], points: 0 })
  })
})

describe('complete', () => {
  it('carries over to the backlog unless told otherwise', async () => {
    const path = 'POST /sprints/7/actions/complete'
    const { api, changes } = await apiThat({ [path]: answer(completed()) })
    expect(await complete(api, 7)).toEqual(completed())
    await complete(api, 7, 'SP-8')
    await complete(api, 7, '')
    expect(changes().map(({ body }) => body)).toEqual([
      { carry_over_to: 'backlog' },
      { carry_over_to: 'SP-8' },
      { carry_over_to: 'backlog' },
    ])
  })
})

const path = 'specs/001-shop/tasks.md'
const before = '- [ ] T001 One\n'
const after = '- [x] T001 One\n'
const exported = (more: object = {}) => ({
  ...{ spec_id: 3, spec_path: 'specs/001-shop', content: after, base_hash: sha256(before) },
  ...{ changed: ['T001'], unpatchable: [] },
  ...more,
})

async function sprintWith(source: object, files: Answer) {
  return apiThat({
    'GET /sprints/7': answer(sprint()),
    'GET /projects/1': answer(project(source)),
    'POST /sprints/7/actions/export-tasks': files,
    'POST /specs/3/actions/import-tasks': answer(importReport()),
  })
}

describe('export_ticks', () => {
  it('writes the marks into the working tree, once', async () => {
    const local_path = await repositoryWith({ [path]: before })
    const { api } = await sprintWith({ local_path }, answer({ files: [exported()] }))
    const file = { spec_path: path, changed: ['T001'], unpatchable: [] }
    expect(await exportTicks(api, noGit, 7)).toEqual({ files: [{ ...file, state: 'written' }] })
    expect(await readFile(join(local_path, path), 'utf8')).toBe(after)
    expect(await exportTicks(api, noGit, 7)).toEqual({ files: [{ ...file, state: 'already so' }] })
  })

  it('commits them to the branch of a project elsewhere', async () => {
    const { url, bare } = await remoteWith({ [path]: before })
    const { api } = await sprintWith({ repo_url: url }, answer({ files: [exported()] }))
    await exportTicks(api, noGit, 7)
    expect(await git(bare, 'show', `main:${path}`)).toBe(after.trim())
    expect(await git(bare, 'log', '-1', '--format=%s', 'main')).toBe(
      'Tick the done tasks of sprint SP-7',
    )
  })

  it('needs no repository when there is nothing to write', async () => {
    const files = [exported({ changed: [] }), exported({ spec_path: 'specs/x', base_hash: null })]
    const { api } = await sprintWith({}, answer({ files }))
    const { files: states } = await exportTicks(api, noGit, 7)
    expect(states.map(({ state }) => state)).toEqual(['nothing to tick', 'never had a tasks.md'])
    const none = await sprintWith({}, answer({ files: [] }))
    expect(await exportTicks(none.api, noGit, 7)).toEqual({ files: [] })
  })

  it('imports an edit made meanwhile, and ticks on top of it', async () => {
    const edited = `${before}- [ ] T002 Two\n`
    const local_path = await repositoryWith({ [path]: before })
    await writeFiles(local_path, { [path]: edited })
    const patched = exported({ content: `${after}- [ ] T002 Two\n`, base_hash: sha256(edited) })
    const { api, changes } = await sprintWith(
      { local_path },
      inTurn(answer({ files: [exported()] }), answer({ files: [patched] })),
    )
    await exportTicks(api, noGit, 7)
    expect(await readFile(join(local_path, path), 'utf8')).toBe(`${after}- [ ] T002 Two\n`)
    expect(changes().map((it) => it.path)).toEqual([
      '/sprints/7/actions/export-tasks',
      '/specs/3/actions/import-tasks',
      '/sprints/7/actions/export-tasks',
    ])
    expect(changes()[1]?.body).toMatchObject({ content: edited })
  })

  it('gives up, and leaves the file, when the edits do not end', async () => {
    const local_path = await repositoryWith({ [path]: 'edited again and again\n' })
    const { api } = await sprintWith({ local_path }, answer({ files: [exported()] }))
    await expect(exportTicks(api, noGit, 7)).rejects.toMatchObject({ name: 'FileChanged' })
    expect(await readFile(join(local_path, path), 'utf8')).toBe('edited again and again\n')
  })
})

describe('report_completion', () => {
  it('is the same for both runs', async () => {
    const file = { spec_path: path, changed: ['T001'], unpatchable: [] }
    const first = await reportCompletion(completed(), { files: [{ ...file, state: 'written' }] })
    const again = await reportCompletion(completed(), { files: [{ ...file, state: 'already so' }] })
    expect(again).toEqual(first)
    expect(first.message).toBe(
      'sprint SP-7 is completed: 3 points done of 6 committed; 1 tasks (3 points) carried over',
    )
    expect(first.report.carried_over).toHaveLength(1)
  })

  it('says what could not be ticked', async () => {
    const unpatchable = [{ external_id: 'T002', reason: 'no box' }]
    const files = [{ spec_path: path, changed: [], unpatchable, state: 'gone' }]
    const { message } = await reportCompletion(completed(), { files })
    expect(message).toMatch(/no longer in the repository; .*1 marks by hand/)
  })
})
