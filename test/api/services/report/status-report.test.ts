import { expect, test } from 'vitest'
import type { Json } from '../../../support/api.ts'
import { checkedApi } from '../../support/checked-api.ts'

const api = await checkedApi()
const { sql } = api.database
const project = await api.project({ slug: 'shop', name: 'Shop' })

/** A closed sprint before, so that there is a velocity. */
const past = await api.sprint(project.id)
const old = await api.task(project.id, { sprint_id: past.id, story_points: 4 })
await api.post(`/sprints/${past.id}/actions/start`)
await api.patch(`/tasks/${old.id}`, { board_status: 'done' })
await api.settled()
await api.post(`/sprints/${past.id}/actions/complete`)

const sprint = await api.sprint(project.id, { name: 'Second\nhalf', goal: 'Sell' })
const card = (title: string, fields: object = {}) =>
  api.task(project.id, { sprint_id: sprint.id, title, story_points: 2, ...fields })
const done = await card('Cart', { story_points: 3 })
await card('Skipped, archived or elsewhere')
const working = await card('Checkout', { assignee: 'ada' })
const stuck = await card('Pay')
const free = await card('Ship', { priority: 'critical', story_points: null })
const waits = await card('Track')
await api.post(`/tasks/${waits.id}/dependencies`, { depends_on_id: working.id })
// What is suggested only, and what is done, keep nobody waiting.
await api.post(`/tasks/${free.id}/dependencies`, { depends_on_id: stuck.id, kind: 'suggested' })
await api.post(`/tasks/${free.id}/dependencies`, { depends_on_id: done.id })
await api.post(`/sprints/${sprint.id}/actions/start`)
const say = (task: Json, body: object) => api.post(`/tasks/${task.id}/actions/status`, body)
await say(done, { status: 'completed' })
await say(working, { status: 'in_progress' })
await say(stuck, { status: 'blocked', reason: 'No key\nyet.' })
await api.post('/bugs', {
  project_id: project.id,
  sprint_id: sprint.id,
  title: 'Bug',
  priority: 'P0',
})
await api.post('/adrs', { project_id: project.id, title: 'Use cents', status: 'accepted' })
await api.settled()

const report = async (query: string) => {
  const { status, body } = await api.get(`/reports/status?format=json&${query}`)
  expect(status, JSON.stringify(body)).toBe(200)
  return body.report
}
const titles = (cards: Json) => cards.tasks.map((it: Json) => it.title)

test('a sprint tells what is done, under way, blocked and next', async () => {
  const told = await report(`sprint_id=${sprint.id}`)
  expect(told.sprint).toMatchObject({ code: sprint.code, status: 'active', goal: 'Sell' })
  expect(told.since).toBe((await api.get(`/sprints/${sprint.id}`)).body.started_at)
  expect(told.done).toMatchObject({ count: 1, points: 3, tasks: [{ task_id: done.id }] })
  expect(titles(told.in_progress)).toEqual(['Checkout'])
  expect(told.blocked.tasks[0]).toMatchObject({ title: 'Pay', blocked_reason: 'No key\nyet.' })
  expect(titles(told.next)).toEqual(['Ship', 'Bug', 'Skipped, archived or elsewhere'])
  expect(told.waiting).toBe(1)
  expect(told.metrics.bugs).toEqual({ reported: 1, open: 1 })
  expect(told.decisions).toEqual({
    count: 1,
    adrs: [{ number: 1, title: 'Use cents', status: 'accepted' }],
  })
})

test('its figures are those of the verbs that tell them alone', async () => {
  const { metrics } = await report(`sprint_id=${sprint.id}`)
  const of = async (path: string) => (await api.get(path)).body
  expect(metrics.sprint).toEqual(await of(`/sprints/${sprint.id}/velocity`))
  expect(await of(`/sprints/${sprint.id}/burndown`)).toMatchObject(metrics.burndown)
  expect(await of(`/projects/${project.id}/velocity`)).toMatchObject(metrics.velocity)
  expect(metrics.velocity.mean).toBe(4)
  const forecast = await of(`/sprints/${sprint.id}/forecast`)
  expect([metrics.forecast.confidence, metrics.forecast.p85]).toEqual([
    forecast.confidence,
    forecast.when.p85,
  ])
  const whole = await report(`project_id=${project.id}`)
  expect(whole.metrics.forecast.p50).toBe((await of(`/projects/${project.id}/forecast`)).when.p50)
  expect([whole.sprint, whole.metrics.sprint, whole.metrics.burndown]).toEqual([null, null, null])
  expect(whole.done.count).toBe(2)
})

test('markdown says the same in lines that hold', async () => {
  const { markdown, report: none } = (await api.get(`/reports/status?sprint_id=${sprint.id}`)).body
  expect(none).toBeNull()
  expect(markdown).toContain(`# Status of ${sprint.code} Second half\n`)
  expect(markdown).toContain(`## Done (1, 3 points)\n\n- ${done.code} Cart (3 points)\n`)
  expect(markdown).toContain(`- ${working.code} Checkout (2 points, @ada)\n`)
  expect(markdown).toContain(`- ${stuck.code} Pay (2 points): No key yet.\n`)
  expect(markdown).toContain(`- ${free.code} Ship (critical)\n`)
  expect(markdown).toContain('1 task to do wait for others.\n')
  expect(markdown).toContain('- Velocity of the last 1 sprint: 4 on average (4 to 4)\n')
  expect(markdown).toContain('- Bugs: 1 reported, 1 open\n')
  expect(markdown).toContain('- ADR 1 Use cents: accepted\n')
})

test('since when is asked, and an empty project has a report too', async () => {
  const [row] = await sql<{ now: Date }[]>`select clock_timestamp() as now`
  const told = await report(`sprint_id=${sprint.id}&since=${row?.now.toISOString()}`)
  expect([told.done.count, told.decisions.count, told.metrics.bugs.reported]).toEqual([0, 0, 0])
  const empty = await api.project()
  expect(await report(`project_id=${empty.id}`)).toMatchObject({
    done: { count: 0, points: 0, tasks: [] },
    metrics: { velocity: null, forecast: null },
  })
})

test('of a large sprint it stays small, and takes no more statements', async () => {
  const large = await api.sprint(project.id)
  await sql`
    insert into tasks (project_id, sprint_id, code, title, board_status, story_points)
    select ${project.id}, ${large.id}, 'LARGE-' || n, repeat('long ', 2000), 'todo', 1
    from generate_series(1, 2000) n`
  const answer = await api.get(`/reports/status?sprint_id=${large.id}&format=json`)
  expect(answer.body.report.next).toMatchObject({ count: 2000, points: 2000 })
  expect(answer.body.report.next.tasks).toHaveLength(50)
  expect(JSON.stringify(answer.body).length).toBeLessThan(40_000)
  const { markdown } = (await api.get(`/reports/status?sprint_id=${large.id}`)).body
  expect(markdown).toContain('- … and 1950 more\n')
})

test('what cannot be reported is refused by field', async () => {
  const other = await api.project()
  const refused: [string, number, string, string | undefined][] = [
    ['', 422, 'which_project', 'project_id'],
    ['project_id=999999', 404, 'exists', undefined],
    ['sprint_id=999999', 404, 'exists', undefined],
    [`sprint_id=${sprint.id}&project_id=${other.id}`, 409, 'same_project', undefined],
    [`sprint_id=${sprint.id}&since=2999-01-01`, 422, 'past', 'since'],
    [`sprint_id=${sprint.id}&since=monday`, 422, 'schema', 'since'],
    [`sprint_id=${sprint.id}&format=pdf`, 422, 'schema', 'format'],
  ]
  for (const [query, status, rule, field] of refused) {
    const { status: got, body } = await api.get(`/reports/status?${query}`)
    expect([got, body.rule, body.errors?.[0]?.field], query).toEqual([status, rule, field])
  }
})
