import { pino } from 'pino'
import { afterAll, expect, test } from 'vitest'
import { startApi } from '../../../api/main.ts'
import type { Json } from '../../support/api.ts'
import { idleWindmill } from '../../support/idle-windmill.ts'
import { checkedApi, checkedClient } from '../support/checked-api.ts'
import { expectConsistent } from '../support/consistent.ts'

// Two processes on one database, as far as they can tell.
const api = await checkedApi()
const baseUrl = await idleWindmill()
const second = await startApi({
  databaseUrl: api.database.url,
  host: '127.0.0.1',
  port: 0,
  adminToken: api.adminToken,
  windmill: () => ({ baseUrl, token: 'unused', workspace: 'w' }),
  sprintIntegration: true,
  consoleDir: null,
  log: pino({ level: 'silent' }),
})
afterAll(() => second.close())
const other = checkedClient(second.url, api.adminToken, api.database)
const project = await api.project()

const fifty = <T>(ask: (client: typeof api, n: number) => Promise<T>) =>
  Promise.all(Array.from({ length: 50 }, (_, n) => ask(n % 2 ? api : other, n)))
const statuses = (answers: { status: number }[]) =>
  [...new Set(answers.map((it) => it.status))].sort()

test('fifty create-sprint and sync-to-sprint calls make one sprint and one task per step', async () => {
  const steps = Array.from({ length: 20 }, (_, n) => ({
    step_name: `step ${n}`,
    depends_on: n > 0 ? [`step ${n - 1}`] : [],
  }))
  const run = await api.run(project.id, steps)
  const created = fifty((client) => client.post(`/protocols/${run.id}/actions/create-sprint`))
  const synced = fifty((client) => client.post(`/protocols/${run.id}/actions/sync-to-sprint`))
  const answers = await created
  expect(answers.filter((it) => it.status === 201)).toHaveLength(1)
  expect(statuses(answers)).toEqual([200, 201])
  expect(new Set(answers.map((it) => it.body.id)).size).toBe(1)
  // Those before the sprint was there were refused, by name; the others found nothing to do.
  for (const { status, body } of await synced) {
    expect([status, body.rule]).toEqual(status === 200 ? [200, undefined] : [409, 'run_has_sprint'])
    if (status === 200) expect(body.created).toEqual([])
  }
  const [rows] = await api.database.sql`
    select (select count(*) from sprints where project_id = ${project.id}) as sprints,
      (select count(*) from tasks where protocol_run_id = ${run.id}) as tasks,
      (select count(distinct step_run_id) from tasks where protocol_run_id = ${run.id}) as steps`
  expect(rows).toEqual({ sprints: '1', tasks: '20', steps: '20' })
  await expectConsistent(api.database)
})

test('fifty imports of one new file make its tasks once', async () => {
  const sprint = await api.sprint(project.id)
  const content = Array.from({ length: 30 }, (_, n) => `- [ ] T${n + 1} Task ${n}`).join('\n')
  const body = { spec_path: 'specs/007-new', content }
  const answers = await fifty((client) =>
    client.post(`/sprints/${sprint.id}/actions/import-tasks`, body),
  )
  expect(statuses(answers)).toEqual([200])
  expect(answers.filter((it) => it.body.created === 30)).toHaveLength(1)
  expect(answers.filter((it) => it.body.unchanged === 30)).toHaveLength(49)
  expect((await api.get(`/sprints/${sprint.id}/tasks`)).body.items).toHaveLength(30)
  expect((await api.get(`/specs?project_id=${project.id}`)).body.items).toHaveLength(1)
})

test('step actions of many agents at once: each happens once, the rest is told what was', async () => {
  const { step, sprint } = await api.linkedRun(
    project.id,
    Array.from({ length: 10 }, (_, n) => ({ step_name: `s${n}`, story_points: 1 })),
  )
  const actions = ['start', 'complete', 'fail', 'retry', 'skip']
  const answers = await fifty((client, n) =>
    client.post(`/steps/${step(`s${n % 10}`).id}/actions/${actions[n % 5]}`),
  )
  expect(statuses(answers).every((status) => [200, 409].includes(status))).toBe(true)
  await fifty((client, n) => client.post(`/steps/${step(`s${n % 10}`).id}/actions/retry`))
  await fifty((client, n) => client.post(`/steps/${step(`s${n % 10}`).id}/actions/complete`))
  await api.settled()
  const tasks = (await api.get(`/sprints/${sprint.id}/tasks`)).body.items
  expect(tasks.map((it: Json) => it.board_status)).toEqual(Array(10).fill('done'))
  expect((await api.get(`/sprints/${sprint.id}`)).body.velocity_actual).toBe(10)
  const events = await api.database.sql`
    select entity_id, payload->>'version' as version from events
    where type like 'step.%' and sprint_id = ${sprint.id}`
  expect(new Set(events.map((it) => `${it.entity_id}:${it.version}`)).size).toBe(events.length)
})

test('a sprint is completed once, however many ask, and takes no task while it closes', async () => {
  const sprint = await api.sprint(project.id)
  await api.task(project.id, { sprint_id: sprint.id })
  const body = { project_id: project.id, sprint_id: sprint.id, title: 'Late' }
  const [closed, late] = await Promise.all([
    fifty((client) => client.post(`/sprints/${sprint.id}/actions/complete`)),
    fifty((client) => client.post('/tasks', body)),
  ])
  for (const { body } of closed) expect(body.report).toEqual(closed[0]?.body.report)
  expect(statuses(closed)).toEqual([200])
  expect(statuses(late).every((status) => [201, 409].includes(status))).toBe(true)
  const open = await api.database.sql`
    select id from tasks where sprint_id = ${sprint.id} and board_status <> 'done'`
  expect(open).toHaveLength(0)
  const told = await api.get(`/events?type=sprint.completed&entity_id=${sprint.id}`)
  expect(told.body.items).toHaveLength(1)
})

test('two processes hand each event out once', async () => {
  await api.settled()
  const twice = await api.database.sql`
    select causation_id, entity_id, type, count(*) from events
    where actor = 'system' and type = 'task.status_changed'
    group by 1, 2, 3 having count(*) > 1`
  expect(twice).toHaveLength(0)
})

test('nothing is left inconsistent', async () => {
  await api.settled()
  await expectConsistent(api.database)
})
