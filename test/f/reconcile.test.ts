import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { Task } from '../../f/devgodzilla/lib/answers.ts'
import { main as findChanged } from '../../f/devgodzilla/reconcile/find_changed.ts'
import { testDatabase } from '../support/database.ts'
import { answer, apiThat } from './support/api-server.ts'
import { noGit } from './support/entities.ts'
import { repositoryWith, writeFiles } from './support/git-repositories.ts'
import { startInstallation } from './support/installation.ts'

const database = await testDatabase()
let house: Awaited<ReturnType<typeof startInstallation>>
beforeAll(async () => {
  house = await startInstallation(database.url)
})
afterAll(() => house.close())

const file = 'specs/001-shop/tasks.md'
const tasksMd = '# Tasks\n\n- [ ] T001 Lay the table\n- [x] T002 Set the chairs\n'
const projects: number[] = []
// The flow looks at every project there is, and the repositories end with their test.
afterEach(async () => {
  for (const id of projects.splice(0)) await house.ask('DELETE', `/projects/${id}`)
})

async function projectWith(files: Record<string, string>) {
  const local_path = await repositoryWith(files)
  const slug = `shop-${projects.length + 1}`
  const { id } = await house.ask<{ id: number }>('POST', '/projects', {
    ...{ slug, name: slug, local_path },
  })
  projects.push(id)
  return { id, local_path }
}

describe('reconcile_specs', () => {
  const other = 'specs/002-yard/tasks.md'

  it('imports what has changed in any project, and finds the same board the second time', async () => {
    const project = await projectWith({ [file]: tasksMd, [other]: '- [ ] T001 Rake\n' })
    const quiet = await projectWith({ [file]: tasksMd })
    for (const { id } of [project, quiet]) {
      await house.ask('POST', '/specs', { project_id: id, path: 'specs/001-shop' })
    }
    await house.ask('POST', '/specs', { project_id: project.id, path: 'specs/003-gone' })
    const settings = { sprint_integration: false }
    await house.ask('PATCH', `/projects/${quiet.id}`, { settings })
    const board = (project_id: number) =>
      house.ask<{ items: Task[] }>('GET', `/tasks?project_id=${project_id}`)

    expect(await house.runFlow('reconcile_specs', {})).toMatchObject({
      status: 200,
      result: { imported: ['specs/001-shop', 'specs/002-yard'], gone: [] },
    })
    const once = await board(project.id)
    expect(once.items.map(({ title }) => title).sort()).toEqual([
      ...['Lay the table', 'Rake', 'Set the chairs'],
    ])
    expect(await house.runFlow('reconcile_specs', {})).toMatchObject({
      status: 200,
      result: { imported: [] },
    })
    expect(await board(project.id)).toEqual(once)
    expect((await board(quiet.id)).items).toEqual([])

    await writeFiles(project.local_path, { [other]: '- [x] T001 Rake\n' })
    expect(await house.runFlow('reconcile_specs', {})).toMatchObject({
      result: { imported: ['specs/002-yard'] },
    })
    const rake = (await board(project.id)).items.find(({ title }) => title === 'Rake')
    expect(rake?.board_status).toBe('done')
  })

  it('brings a change to the board by its schedule alone', async () => {
    const { id, local_path } = await projectWith({ [file]: tasksMd })
    await house.ask('POST', '/specs', { project_id: id, path: 'specs/001-shop' })
    await house.runFlow('reconcile_specs', {})
    await writeFiles(local_path, { [file]: tasksMd.replace('[ ] T001', '[x] T001') })

    await house.schedule('reconcile_specs', true)
    const due = new Date(Date.now() - 1000)
    await database.sql`update windmill.schedules set next_at = ${due}`
    // Turned on once more, the engine looks.
    await house.schedule('reconcile_specs', true)
    const [job] = await database.sql`
      select id from windmill.jobs where trigger = 'f/devgodzilla/reconcile_specs'`
    await house.schedule('reconcile_specs', false)
    expect(await house.ended(job?.id)).toMatchObject({ success: true })
    const { items } = await house.ask<{ items: Task[] }>('GET', `/tasks?project_id=${id}`)
    expect(items.map(({ board_status }) => board_status)).toEqual(['done', 'done'])
  })

  it('names a spec whose file is gone, keeps its cards, and leaves an archived one alone', async () => {
    const project = await projectWith({ [file]: tasksMd, [other]: '- [ ] T001 Rake\n' })
    await house.runFlow('reconcile_specs', {})
    const list = (what: string) =>
      house.ask<{ items: (Task & { path: string })[] }>('GET', `/${what}?project_id=${project.id}`)
    const before = await list('tasks')
    await rm(join(project.local_path, 'specs/001-shop'), { recursive: true })
    const yard = (await list('specs')).items.find(({ path }) => path === 'specs/002-yard')
    await house.ask('DELETE', `/specs/${yard?.id}`)
    await writeFiles(project.local_path, { [other]: '- [ ] T001 Rake again\n' })
    expect(await house.runFlow('reconcile_specs', {})).toMatchObject({
      status: 200,
      result: { imported: [], gone: ['specs/001-shop'], message: expect.stringMatching(/gone: /) },
    })
    const shop = ({ title }: Task) => title !== 'Rake'
    expect((await list('tasks')).items.filter(shop)).toEqual(before.items.filter(shop))
  })

  it('looks at nothing while the integration is off for the installation', async () => {
    const { api, received } = await apiThat({
      'GET /ready': answer({ status: 'ready', sprint_integration: false }),
    })
    expect(await findChanged(api, noGit)).toMatchObject({ looked_at: 0, changed: [] })
    expect(received).toHaveLength(1)
  })

  it('says what it could not read, after all the rest', async () => {
    const lost = await projectWith({ [file]: tasksMd })
    const sound = await projectWith({ [file]: tasksMd })
    for (const { id } of [lost, sound]) {
      await house.ask('POST', '/specs', { project_id: id, path: 'specs/001-shop' })
    }
    await rm(join(lost.local_path, '.git'), { recursive: true })
    expect(await house.runFlow('reconcile_specs', {})).toMatchObject({
      status: 500,
      result: {
        error: {
          step_id: 'report',
          message: expect.stringMatching(/1 imported; went wrong: .*not a Git repository/),
        },
      },
    })
    const { items } = await house.ask<{ items: Task[] }>('GET', `/tasks?project_id=${sound.id}`)
    expect(items).toHaveLength(2)
  })
})
