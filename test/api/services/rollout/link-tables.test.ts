import { expect, test } from 'vitest'
import { eventually, type Json } from '../../../support/api.ts'
import { checkedApi } from '../../support/checked-api.ts'
import { expectConsistent } from '../../support/consistent.ts'

const api = await checkedApi()
const { sql } = api.database

const plan = async (project: Json) =>
  (await api.post(`/projects/${project.id}/actions/plan-sprint-links`)).body
const link = (project: Json, body: object = {}) =>
  api.post(`/projects/${project.id}/actions/link-sprints`, body)
const taskNow = async (task: Json) => (await api.get(`/tasks/${task.id}`)).body
const stepNow = async (step: Json) => (await api.get(`/steps/${step.id}`)).body
const conflictsOf = async (task: Json) =>
  (await api.get(`/conflicts?task_id=${task.id}`)).body.items as Json[]

/** A run and a sprint made before anything was linked: the project had the integration off. */
async function before(names: string[], fields: Json[] = []) {
  const project = await api.project({
    settings: { sprint_integration: false, auto_create_sprint: false },
  })
  const run = await api.run(
    project.id,
    names.map((step_name) => ({ step_name })),
  )
  const sprint = await api.sprint(project.id, { name: `${run.protocol_name} Sprint` })
  const tasks: Json[] = []
  for (const [place, title] of names.entries()) {
    tasks.push(await api.task(project.id, { sprint_id: sprint.id, title, ...fields[place] }))
  }
  return { project, run, sprint, tasks, steps: run.steps as Json[] }
}
const switchOn = async (project: Json) => {
  await api.patch(`/projects/${project.id}`, { settings: { sprint_integration: true } })
  await eventually(
    () => sql`select 1 from unsynced_changes where project_id = ${project.id}`,
    (rows) => rows.length === 0,
  )
  await api.settled()
}

test('a plan names each pair, why, and how sure; it changes nothing', async () => {
  const { project, run, sprint, tasks, steps } = await before(['one', 'two', 'three'])
  await api.settled()
  const events = await sql`select count(*) from events`
  const { links, alone, source } = await plan(project)
  expect(source).toBe('tables')
  expect(links).toMatchObject([
    { sprint: { id: sprint.id }, protocol_run: { id: run.id }, confidence: 0.88 },
  ])
  expect(links[0].because).toEqual([
    '3 of 3 steps have the title of a task',
    `it is called "${sprint.name}"`,
  ])
  expect(links[0].tasks.map((it: Json) => [it.task.id, it.step.id])).toEqual(
    tasks.map((task, place) => [task.id, steps[place].id]),
  )
  expect(alone).toEqual([])
  expect(await sql`select count(*) from events`).toEqual(events)
})

test('linking works while the integration is off, and switching on brings both sides together', async () => {
  const { project, run, sprint, tasks, steps } = await before(
    ['a', 'b', 'c', 'd'],
    [{ priority: 'critical', story_points: 13, assignee: 'kim' }],
  )
  await api.act(steps[0], 'complete')
  await api.act(steps[1], 'start')
  await api.patch(`/tasks/${tasks[1].id}`, { board_status: 'done' })
  await api.patch(`/tasks/${tasks[2].id}`, { board_status: 'done' })
  const linked = await link(project, { fingerprint: (await plan(project)).fingerprint })
  expect(linked.status).toBe(200)
  await api.settled()
  expect((await api.get(`/protocols/${run.id}`)).body.linked_sprint_id).toBe(sprint.id)
  expect((await taskNow(tasks[0])).board_status).toBe('todo')

  await switchOn(project)
  // Waited: follows its step. What a person had given it stays.
  expect(await taskNow(tasks[0])).toMatchObject({
    ...{ board_status: 'done', priority: 'critical', story_points: 13, assignee: 'kim' },
  })
  // Moved by hand against a step at work: the step wins, both sides are kept.
  expect((await taskNow(tasks[1])).board_status).toBe('in_progress')
  expect(await conflictsOf(tasks[1])).toMatchObject([
    { board_value: 'done', other_value: 'running' },
  ])
  // Moved by hand where the step had not begun: the step follows.
  expect((await stepNow(steps[2])).status).toBe('completed')
  expect((await taskNow(tasks[3])).board_status).toBe('todo')
})

test('linking while it is on brings both sides together at once', async () => {
  const { project, tasks, steps } = await before(['a', 'b'])
  await switchOn(project)
  await api.act(steps[0], 'complete')
  expect((await link(project)).status).toBe(200)
  const card = await eventually(
    () => taskNow(tasks[0]),
    (it) => it.board_status === 'done',
  )
  expect(card.board_status).toBe('done')
  await api.settled()
})

test('a second run finds nothing to do', async () => {
  const { project } = await before(['a', 'b'])
  await link(project)
  await api.settled()
  await api.settled()
  const events = await sql`select count(*) from events`
  expect(await plan(project)).toMatchObject({ links: [], alone: [] })
  expect((await link(project)).body).toMatchObject({ links: [] })
  expect(await sql`select count(*) from events`).toEqual(events)
})

test('a plan that was reviewed is refused once the data has changed, and nothing is linked', async () => {
  const { project, run, tasks } = await before(['a', 'b'])
  const { fingerprint } = await plan(project)
  await api.patch(`/tasks/${tasks[0].id}`, { board_status: 'in_progress' })
  expect(await link(project, { fingerprint })).toMatchObject({
    status: 409,
    body: { rule: 'plan_is_current' },
  })
  expect((await api.get(`/protocols/${run.id}`)).body.linked_sprint_id).toBeNull()
})

test('what could be either is left alone, and both are named', async () => {
  const { project, run, sprint } = await before(['a'])
  const twin = await api.run(project.id, [{ step_name: 'a' }], {
    protocol_name: run.protocol_name,
  })
  const { links, alone } = await plan(project)
  expect(links).toEqual([])
  const why = alone.find((it: Json) => it.table === 'sprints' && it.id === sprint.id).why
  expect(why).toMatch(/^Ambiguous/)
  expect(why).toContain(`run ${run.id}`)
  expect(why).toContain(`run ${twin.id}`)
})

test('a sprint that has a run, and steps that have a card, are left as they are', async () => {
  const project = await api.project()
  const linked = await api.linkedRun(project.id, [{ step_name: 'a' }])
  const other = await api.run(project.id, [{ step_name: 'a' }], {
    protocol_name: linked.run.protocol_name,
  })
  const { links, alone } = await plan(project)
  expect(links).toEqual([])
  expect(alone).toMatchObject([{ table: 'protocol_runs', id: other.id }])
})

test('in a sprint that has ended links are made and cards stay as they were', async () => {
  const { project, sprint, tasks, steps } = await before(['a', 'b'])
  await api.patch(`/tasks/${tasks[0].id}`, { board_status: 'done' })
  await api.patch(`/tasks/${tasks[1].id}`, { board_status: 'done' })
  await api.act(steps[0], 'fail')
  await api.post(`/sprints/${sprint.id}/actions/complete`)
  await link(project)
  await switchOn(project)
  expect(await taskNow(tasks[0])).toMatchObject({
    ...{ board_status: 'done', step_run_id: steps[0].id },
  })
})

test('fifty people who link at once link once', async () => {
  const { project, run } = await before(['a', 'b', 'c'])
  const answers = await Promise.all(Array.from({ length: 50 }, () => link(project)))
  expect(new Set(answers.map((it) => it.status))).toEqual(new Set([200]))
  const told = await sql`select 1 from events
    where type = 'protocol.sprint_linked' and protocol_run_id = ${run.id}`
  expect(told).toHaveLength(1)
  await api.settled()
})

test('nothing is left inconsistent', async () => {
  await expectConsistent(api.database)
})
