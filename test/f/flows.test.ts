import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Sprint, Task } from '../../f/devgodzilla/lib/answers.ts'
import { testDatabase } from '../support/database.ts'
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
let nth = 0

async function projectWith(files: Record<string, string>) {
  const local_path = await repositoryWith(files)
  const slug = `shop-${++nth}`
  const project = await house.ask<{ id: number }>('POST', '/projects', {
    ...{ slug, name: slug, local_path },
    settings: { auto_create_sprint: false },
  })
  return { id: project.id, local_path, read: () => readFile(join(local_path, file), 'utf8') }
}
const sprintIn = (project_id: number, more: object = {}) =>
  house.ask<Sprint>('POST', '/sprints', { project_id, name: 'First', ...more })
const tasksOf = async (sprint_id: number) =>
  (await house.ask<{ items: Task[] }>('GET', `/sprints/${sprint_id}/tasks`)).items

describe('sync_tasks_to_sprint', () => {
  it('brings a file onto the board, and does nothing the second time', async () => {
    const project = await projectWith({ [file]: tasksMd })
    const { id } = await sprintIn(project.id)
    const args = { sprint_id: id, spec_path: 'specs/001-shop' }
    expect(await house.runFlow('sync_tasks_to_sprint', args)).toMatchObject({
      status: 200,
      result: { sprint_id: id, recognised: 2, created: 2, velocity: { completed_points: 3 } },
    })
    expect(await house.runFlow('sync_tasks_to_sprint', args)).toMatchObject({
      status: 200,
      result: { created: 0, updated: 0, unchanged: 2 },
    })
    expect((await tasksOf(id)).map(({ board_status }) => board_status)).toEqual(['todo', 'done'])
  })

  it('ends in one clear report when the file is not there', async () => {
    const project = await projectWith({ [file]: tasksMd })
    const { id } = await sprintIn(project.id)
    const args = { sprint_id: id, spec_path: 'specs/002' }
    const { status, result } = await house.runFlow('sync_tasks_to_sprint', args)
    expect(status).toBe(500)
    expect(result).toMatchObject({
      error: {
        step_id: 'read',
        message: expect.stringMatching(
          /sync_tasks_to_sprint failed at step read: there is no specs\/002\/tasks.md.*specs\/001-shop/,
        ),
      },
    })
  })
})

describe('sprint_from_protocol', () => {
  const run = async () => {
    const project = await projectWith({ 'README.md': '' })
    return house.ask<{ id: number }>('POST', '/protocols', {
      project_id: project.id,
      protocol_name: 'Shop',
      steps: [{ step_name: 'Build' }, { step_name: 'Test', depends_on: ['Build'] }],
    })
  }

  it('makes one sprint with a card per step, however often it runs', async () => {
    const { id } = await run()
    const runs = await Promise.all(
      [1, 2, 3].map(() => house.runFlow('sprint_from_protocol', { protocol_id: id })),
    )
    const [first] = runs
    expect(first).toMatchObject({ status: 200, result: { name: 'Shop Sprint' } })
    const sprints = new Set(runs.map(({ result }) => (result as Sprint).id))
    expect(sprints.size).toBe(1)
    expect(await tasksOf([...sprints][0] ?? 0)).toHaveLength(2)
  })

  it('leaves the board empty when told so', async () => {
    const { id } = await run()
    const args = { protocol_id: id, sprint_name: 'Quiet', auto_sync: false }
    const { result } = await house.runFlow('sprint_from_protocol', args)
    expect(result).toMatchObject({ name: 'Quiet' })
    expect(await tasksOf((result as Sprint).id)).toEqual([])
  })
})

describe('complete_sprint', () => {
  it('imports, completes, carries over and ticks; the second time it says the same', async () => {
    const project = await projectWith({ [file]: tasksMd })
    const { id } = await sprintIn(project.id)
    await house.runFlow('sync_tasks_to_sprint', { sprint_id: id, spec_path: file })
    const [first] = await tasksOf(id)
    await house.ask('PATCH', `/tasks/${first?.id}`, { board_status: 'done' })
    // A task of the spec that nobody planned for this sprint stays where it waits.
    const [, second] = await tasksOf(id)
    await house.ask('PATCH', `/tasks/${second?.id}`, { sprint_id: null })
    // An agent adds a task and does not do it.
    await writeFiles(project.local_path, { [file]: `${tasksMd}- [ ] T003 Sweep\n` })

    const once = await house.runFlow('complete_sprint', { sprint_id: id })
    expect(once).toMatchObject({
      status: 200,
      result: {
        sprint: { status: 'completed' },
        report: { carried_over: [{ title: 'Sweep', to: 'backlog' }] },
        files: [{ spec_path: file, changed: ['T001'] }],
      },
    })
    expect(await project.read()).toBe(`${tasksMd.replace('[ ]', '[x]')}- [ ] T003 Sweep\n`)
    expect(await house.runFlow('complete_sprint', { sprint_id: id })).toEqual(once)
    expect((await tasksOf(id)).map((task) => task.id)).toEqual([first?.id])
  })

  it('does without a spec, and without a repository to write to', async () => {
    const project = await projectWith({ 'README.md': '' })
    const { id } = await sprintIn(project.id)
    await house.ask('POST', '/tasks', { project_id: project.id, sprint_id: id, title: 'By hand' })
    const next = await sprintIn(project.id, { name: 'Second', code: 'NEXT-1' })
    const args = { sprint_id: id, carry_over_to: 'NEXT-1' }
    expect(await house.runFlow('complete_sprint', args)).toMatchObject({
      status: 200,
      result: { files: [], report: { carried_over: [{ to: 'NEXT-1' }] } },
    })
    expect(await tasksOf(next.id)).toHaveLength(1)
  })

  it('changes nothing when the target does not exist', async () => {
    const project = await projectWith({ 'README.md': '' })
    const { id } = await sprintIn(project.id)
    const args = { sprint_id: id, carry_over_to: 'NOWHERE' }
    expect(await house.runFlow('complete_sprint', args)).toMatchObject({
      status: 500,
      result: { error: { step_id: 'complete', message: expect.stringMatching(/NOWHERE/) } },
    })
    expect(await house.ask('GET', `/sprints/${id}`)).toMatchObject({ status: 'planning' })
  })
})

describe('spec_to_tasks', () => {
  it('fills the backlog while there is no sprint, and the sprint once there is one', async () => {
    const project = await projectWith({ [file]: tasksMd, 'specs/001-shop/spec.md': '' })
    const args = { project_id: project.id }
    const { status, result } = await house.runFlow('spec_to_tasks', args)
    expect({ status, result }).toMatchObject({
      status: 200,
      result: { sprint_id: null, created: 2, velocity: null, notes: [expect.anything()] },
    })
    const { spec_id } = result as { spec_id: number }
    const { id } = await sprintIn(project.id, { spec_id })
    expect(await house.runFlow('spec_to_tasks', args)).toMatchObject({
      status: 200,
      result: { sprint_id: id, created: 0, moved: 2, velocity: { sprint_id: id } },
    })
    expect(await tasksOf(id)).toHaveLength(2)
  })
})
