import { pino } from 'pino'
import { afterAll, expect, test } from 'vitest'
import { startApi } from '../../../../api/main.ts'
import { eventually, type Json } from '../../../support/api.ts'
import { idleWindmill } from '../../../support/idle-windmill.ts'
import { checkedApi, checkedClient } from '../../support/checked-api.ts'
import { expectConsistent } from '../../support/consistent.ts'

const jobs: Json[] = []
const api = await checkedApi({ windmillUrl: await idleWindmill(jobs) })
const { sql } = api.database
const steps = ['a', 'b', 'c', 'd'].map((step_name) => ({ step_name, story_points: 2 }))

const turn = async (project: Json, on: boolean, client = api) => {
  const changed = await client.patch(`/projects/${project.id}`, {
    settings: { sprint_integration: on },
  })
  expect(changed.body.settings.sprint_integration).toBe(on)
}
/** Waits until nothing is left to catch up with. */
const caughtUp = async () => {
  await eventually(
    () => sql`select 1 from unsynced_changes`,
    (rows) => rows.length === 0,
  )
  await api.settled()
}
const move = (task: Json, board_status: string) => api.patch(`/tasks/${task.id}`, { board_status })
const stepNow = async (step: Json) => (await api.get(`/steps/${step.id}`)).body
const conflictsOf = async (task: Json) =>
  (await api.get(`/conflicts?task_id=${task.id}`)).body.items as Json[]

test('while a project is switched off nothing is synced, and boards and velocity by hand go on', async () => {
  const project = await api.project()
  const { run, sprint, step, card } = await api.linkedRun(project.id, steps)
  await api.settled()
  await turn(project, false)

  await api.act(step('a'), 'start')
  await move(await card('b'), 'done')
  await api.put(`/protocols/${run.id}/steps`, { steps: [...steps, { step_name: 'e' }] })
  await api.settled()
  expect((await card('a')).board_status).toBe('todo')
  expect((await stepNow(step('b'))).status).toBe('pending')
  expect((await api.get(`/sprints/${sprint.id}/tasks`)).body.items).toHaveLength(4)
  expect((await api.get(`/sprints/${sprint.id}`)).body.velocity_actual).toBe(2)
  const byHand = await api.task(project.id, { sprint_id: sprint.id, story_points: 5 })
  expect((await move(byHand, 'done')).status).toBe(200)
  await api.settled()
  expect((await api.get(`/sprints/${sprint.id}/velocity`)).body.velocity_actual).toBe(7)
  await turn(project, true)
  await caughtUp()
})

test('while it is off, what would sync, link or import is refused, naming the switch and the way out', async () => {
  const project = await api.project()
  const { run, sprint } = await api.linkedRun(project.id, [{ step_name: 'a' }])
  const other = await api.sprint(project.id)
  const spec = await api.post('/specs', { project_id: project.id, path: 'specs/001-x' })
  await turn(project, false)
  await api.settled()
  const before = await sql`select count(*) from events`
  const refused = await Promise.all([
    api.post(`/protocols/${run.id}/actions/create-sprint`),
    api.post(`/protocols/${run.id}/actions/sync-to-sprint`),
    api.post(`/sprints/${sprint.id}/actions/sync-from-protocol`),
    api.post(`/sprints/${other.id}/actions/sync-from-protocol`),
    api.post(`/sprints/${other.id}/actions/link-protocol`, { protocol_run_id: run.id }),
    api.post(`/sprints/${other.id}/actions/import-tasks`, { spec_path: 'specs/2', content: '' }),
    api.post(`/specs/${spec.body.id}/actions/import-tasks`, { content: '- [ ] T001 A' }),
  ])
  for (const answer of refused) {
    expect(answer).toMatchObject({ status: 409, body: { rule: 'sprint_integration_is_off' } })
    expect(answer.body.detail).toContain(`PATCH /projects/${project.id}`)
  }
  expect(await sql`select count(*) from events`).toEqual(before)
  expect((await api.get(`/protocols/${run.id}/sprint`)).body.id).toBe(sprint.id)
  await turn(project, true)
  expect((await api.post(`/protocols/${run.id}/actions/sync-to-sprint`)).status).toBe(200)
})

test('switching on brings together what moved: cards follow steps, steps follow cards, the plan follows', async () => {
  const project = await api.project()
  const { run, sprint, step, card } = await api.linkedRun(project.id, steps)
  await api.settled()
  await turn(project, false)
  await api.act(step('a'), 'complete')
  await move(await card('b'), 'done')
  await api.put(`/protocols/${run.id}/steps`, {
    steps: [...steps.slice(0, 3), { step_name: 'e' }],
  })
  await api.settled()
  await turn(project, true)
  await caughtUp()
  expect(await card('a')).toMatchObject({ board_status: 'done' })
  expect(await stepNow(step('b'))).toMatchObject({ status: 'completed' })
  expect((await card('b')).board_status).toBe('done')
  expect((await card('c')).board_status).toBe('todo')
  const cards = (await api.get(`/sprints/${sprint.id}/tasks?archived=true`)).body.items
  expect(cards.map((it: Json) => [it.title, it.board_status])).toEqual([
    ['a', 'done'],
    ['b', 'done'],
    ['c', 'todo'],
    ['d', 'archived'],
    ['e', 'todo'],
  ])
  expect((await api.get(`/sprints/${sprint.id}`)).body.velocity_actual).toBe(4)
  expect(await conflictsOf(await card('b'))).toEqual([])
  const archived = cards.find((it: Json) => it.title === 'd')
  const [revision] = (await api.get(`/tasks/${archived.id}/history`)).body.items
  expect(revision).toMatchObject({ actor: 'system' })
  const told = (await api.get(`/events?protocol_run_id=${run.id}&limit=1000`)).body.items
  expect(told.filter((it: Json) => it.type === 'protocol.sync_resumed')).toHaveLength(1)

  const before = (await api.get(`/events?project_id=${project.id}&limit=1000`)).body.items.length
  await turn(project, false)
  await turn(project, true)
  await caughtUp()
  const after = (await api.get(`/events?project_id=${project.id}&limit=1000`)).body.items.length
  expect(after - before).toBe(2)
})

test('where a step and its card both moved apart, the step wins and both sides are kept with who moved it', async () => {
  const project = await api.project()
  const { step, card } = await api.linkedRun(project.id, steps)
  await api.settled()
  const { secret } = (await api.post('/tokens', { name: 'kim', role: 'member' })).body
  await turn(project, false)
  await api.act(step('a'), 'start')
  await api.patch(`/tasks/${(await card('a')).id}`, { board_status: 'done' }, { token: secret })
  await turn(project, true)
  await caughtUp()
  expect((await card('a')).board_status).toBe('in_progress')
  expect(await conflictsOf(await card('a'))).toMatchObject([
    { source: 'protocol', field: 'board_status', board_value: 'done', other_value: 'running' },
  ])
  const [conflict] = await conflictsOf(await card('a'))
  expect(conflict.actor).toContain('kim')
})

test('a card moved where its step stands firm is put back, as a move by hand would be', async () => {
  const project = await api.project()
  const { step, card } = await api.linkedRun(project.id, steps)
  await api.act(step('a'), 'start')
  await api.settled()
  await turn(project, false)
  await move(await card('a'), 'todo')
  await turn(project, true)
  await caughtUp()
  expect((await card('a')).board_status).toBe('in_progress')
  expect(await conflictsOf(await card('a'))).toMatchObject([{ board_value: 'todo' }])
})

test('a card of a closed sprint stays as it was', async () => {
  const project = await api.project()
  const { sprint, step, card } = await api.linkedRun(project.id, [{ step_name: 'a' }])
  await api.act(step('a'), 'complete')
  await api.settled()
  await turn(project, false)
  await api.act(step('a'), 'retry')
  await api.post(`/sprints/${sprint.id}/actions/complete`)
  await turn(project, true)
  await caughtUp()
  expect((await card('a')).board_status).toBe('done')
})

test('a run made meanwhile gets its sprint once it is on, unless it has ended', async () => {
  const project = await api.project({ settings: { sprint_integration: false } })
  const open = await api.run(project.id, [{ step_name: 'a' }])
  const ended = await api.run(project.id, [{ step_name: 'a' }])
  await api.act(ended.steps[0], 'complete')
  await api.settled()
  expect(jobs.map((it) => it.protocol_id)).not.toContain(open.id)
  await turn(project, true)
  await caughtUp()
  const started = jobs.map((it) => it.protocol_id)
  expect(started.filter((id) => id === open.id)).toHaveLength(1)
  expect(started).not.toContain(ended.id)
})

test('the installation’s switch holds for every project, and catching up waits for a process that has it on', async () => {
  const other = await checkedApi({ sprintIntegration: false })
  const project = await other.project()
  const run = await other.run(project.id, [{ step_name: 'a' }])
  const sprint = await other.sprint(project.id, { name: `${run.protocol_name} Sprint` })
  const refused = await other.post(`/sprints/${sprint.id}/actions/link-protocol`, {
    protocol_run_id: run.id,
  })
  expect(refused).toMatchObject({ status: 409, body: { rule: 'sprint_integration_is_off' } })
  expect(refused.body.detail).toContain('DEVGODZILLA_ENABLE_SPRINT_INTEGRATION')
  await other.settled()
  expect(await other.database.sql`select 1 from unsynced_changes`).toHaveLength(1)

  const baseUrl = await idleWindmill()
  const on = await startApi({
    databaseUrl: other.database.url,
    host: '127.0.0.1',
    port: 0,
    adminToken: other.adminToken,
    windmill: () => ({ baseUrl, token: 'unused', workspace: 'w' }),
    sprintIntegration: true,
    consoleDir: null,
    log: pino({ level: 'silent' }),
  })
  afterAll(() => on.close())
  const client = checkedClient(on.url, other.adminToken, other.database)
  // The old process still serves queues of its own: what it leaves, the new one finds.
  const linked = await client.linkedRun(project.id, steps)
  for (const name of ['a', 'b', 'c', 'd']) {
    await client.act(linked.step(name), 'start')
    await client.act(linked.step(name), 'complete')
  }
  const done = await eventually(
    async () => (await client.get(`/sprints/${linked.sprint.id}`)).body.velocity_actual,
    (points) => points === 8,
  )
  expect(done).toBe(8)
  await eventually(
    () => other.database.sql`select 1 from unsynced_changes`,
    (rows) => rows.length === 0,
  )
  await expectConsistent(other.database)
})

test('steps that move while the switch is turned again and again are lost nowhere', async () => {
  const project = await api.project()
  const plan = Array.from({ length: 20 }, (_, n) => ({ step_name: `s${n}`, story_points: 1 }))
  const { sprint, steps: made } = await api.linkedRun(project.id, plan)
  const working = Promise.all(made.map((step) => api.act(step, 'complete')))
  for (let n = 0; n < 6; n++) await turn(project, n % 2 === 1)
  await working
  await caughtUp()
  await eventually(
    async () => (await api.get(`/sprints/${sprint.id}/velocity`)).body.velocity_actual,
    (points) => points === 20,
  )
  const cards = (await api.get(`/sprints/${sprint.id}/tasks`)).body.items
  expect(cards.map((it: Json) => it.board_status)).toEqual(plan.map(() => 'done'))
})

test('nothing is left inconsistent', async () => {
  await caughtUp()
  await expectConsistent(api.database)
})
