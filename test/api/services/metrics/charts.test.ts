import { expect, test } from 'vitest'
import type { Json } from '../../../support/api.ts'
import { checkedApi } from '../../support/checked-api.ts'
import { inThePast, noon } from './in-the-past.ts'

const api = await checkedApi()
const then = <T>(daysAgo: number, work: () => Promise<T>) =>
  inThePast(api.database.sql, noon(daysAgo), work)
const change = async (task: Json, fields: object) =>
  expect((await api.patch(`/tasks/${task.id}`, fields)).status).toBe(200)
const move = (task: Json, board_status: string) => change(task, { board_status })
const read = async (path: string): Promise<Json> => {
  const answer = await api.get(path)
  expect(answer.status, JSON.stringify(answer.body)).toBe(200)
  return answer.body
}
const start = (sprint: Json) => api.post(`/sprints/${sprint.id}/actions/start`)
const complete = async (sprint: Json, body = {}) =>
  (await api.post(`/sprints/${sprint.id}/actions/complete`, body)).body

/** A card by its names, and the sprint it is in by now. */
const named = ({ id: task_id, code, title }: Json, { id: sprint_id }: Json) => ({
  task_id,
  code,
  title,
  sprint_id,
})

/** A sprint of 5 + 3 points, with 8 more added, one estimate raised by 2, and 8 carried over. */
async function aSprintOfThePast() {
  const project = await api.project()
  const [sprint, next] = await then(20, async () => [
    await api.sprint(project.id, { end_date: noon(12) }),
    await api.sprint(project.id),
  ])
  const inSprint = { sprint_id: sprint.id }
  const [five, three] = await then(20, async () => [
    await api.task(project.id, { ...inSprint, story_points: 5 }),
    await api.task(project.id, { ...inSprint, story_points: 3 }),
  ])
  await then(19, () => start(sprint))
  await then(18, () => move(five, 'in_progress'))
  const eight = await then(16, () => api.task(project.id, { ...inSprint, story_points: 8 }))
  await then(15, () => move(five, 'done'))
  await then(14, () => change(three, { story_points: 5 }))
  await then(14, () => move(eight, 'in_progress'))
  await then(13, () => move(three, 'done'))
  const { report } = await then(12, () => complete(sprint, { carry_over_to: next.code }))
  return { project, sprint, next, five, three, eight, report }
}

test('a burndown follows the events from the start to the close, and agrees with the report', async () => {
  const { sprint, next, report, eight, three } = await aSprintOfThePast()
  const chart = await read(`/sprints/${sprint.id}/burndown`)
  // 5 + 3 = 8; + 8 = 16; 5 done: 11; 3 becomes 5: 13; those 5 done: 8; carried over: 8.
  expect(chart.points).toEqual([
    { at: noon(19), remaining: 8, scope: 8, done: 0, scope_change: 0 },
    { at: noon(16), remaining: 16, scope: 16, done: 0, scope_change: 8 },
    { at: noon(15), remaining: 11, scope: 16, done: 5, scope_change: 0 },
    { at: noon(14), remaining: 13, scope: 18, done: 5, scope_change: 2 },
    { at: noon(13), remaining: 8, scope: 18, done: 10, scope_change: 0 },
    { at: noon(12), remaining: 8, scope: 18, done: 10, scope_change: 0 },
  ])
  expect(chart.scope_changes).toEqual([
    { at: noon(16), ...named(eight, next), kind: 'added', points: 8 },
    { at: noon(14), ...named(three, sprint), kind: 'estimated', points: 2 },
  ])
  expect(chart.guideline[0]).toEqual({ at: noon(19), remaining: 8 })
  expect(chart.guideline.at(-1)).toEqual({ at: noon(12), remaining: 0 })
  expect(report).toMatchObject({
    committed_points: chart.committed_points,
    scope_change_points: chart.scope_change_points,
    completed_points: chart.completed_points,
    completed_initial_points: chart.completed_initial_points,
    say_do: chart.say_do,
    predictability: chart.predictability,
    carried_over_points: chart.remaining_points,
    unestimated_tasks: chart.unestimated_tasks,
  })
  const { points } = await read(`/sprints/${sprint.id}/burnup`)
  expect(points.at(-1)).toEqual({ at: noon(12), scope: 18, completed: 10 })
})

test('what happens today changes no earlier day of any chart', async () => {
  const { project, next, eight } = await aSprintOfThePast()
  await then(11, () => start(next))
  const charts = [
    `/sprints/${next.id}/burndown`,
    `/sprints/${next.id}/burnup`,
    `/sprints/${next.id}/flow`,
    `/projects/${project.id}/flow`,
  ]
  const before = await Promise.all(charts.map(read))
  await api.task(project.id, { sprint_id: next.id, story_points: 13 })
  await change(eight, { story_points: 1 })
  await move(eight, 'done')
  const after = await Promise.all(charts.map(read))
  for (const [n, chart] of after.entries()) {
    for (const line of ['points', 'days']) {
      const until = before[n]?.[line]?.slice(0, -1)
      expect(chart[line]?.slice(0, until?.length), charts[n]).toEqual(until)
    }
  }
  expect(after[0]?.remaining_points).toBe(13)
  expect(before[0]?.remaining_points).toBe(8)
})

test('a flow counts the cards of each status on each day, what was finished, and how long it took', async () => {
  const { sprint, project, five, three } = await aSprintOfThePast()
  const flow = await read(`/sprints/${sprint.id}/flow`)
  const days = flow.days.map((day: Json) => [day.todo, day.in_progress, day.done, day.throughput])
  expect(flow.days[0].date).toBe(noon(19).slice(0, 10))
  expect(days).toEqual([
    [2, 0, 0, 0],
    [1, 1, 0, 0],
    [1, 1, 0, 0],
    [2, 1, 0, 0],
    [2, 0, 1, 1],
    [1, 1, 1, 0],
    [0, 1, 2, 1],
    [0, 1, 2, 0],
  ])
  // Work on the first took from day 18 to day 15; the other went from todo straight to done.
  expect(flow.cycle_times).toEqual([
    { ...named(five, sprint), started_at: noon(18), completed_at: noon(15), days: 3 },
    { ...named(three, sprint), started_at: noon(13), completed_at: noon(13), days: 0 },
  ])
  expect(flow.cycle_time_percentiles).toEqual({ p50: 0, p85: 3, p95: 3 })
  expect(flow.service_level).toEqual({ percent: 85, days: 3 })

  const whole = await read(`/projects/${project.id}/flow?days=15`)
  expect(whole.days).toHaveLength(15)
  expect(whole.days[0]).toMatchObject({ date: noon(14).slice(0, 10), in_progress: 1, done: 1 })
  expect(whole.days.at(-1)).toMatchObject({ done: 2, in_progress: 1, work_in_progress: 1 })
  expect(whole.finished).toBe(1)
  const longer = await read(`/projects/${project.id}/flow?days=20`)
  expect(longer.days.slice(-15)).toEqual(whole.days)
  expect((await read(`/projects/${project.id}/flow?days=1`)).days).toEqual(whole.days.slice(-1))
  // The card that was carried over has been in work since day 14, half a day more or less.
  expect(whole.ages).toMatchObject([{ board_status: 'in_progress', started_at: noon(14) }])
  expect(Math.abs(whole.ages[0].days - 14)).toBeLessThanOrEqual(0.5)
})

test('the velocity of a project is the mean of its last closed sprints, with its spread', async () => {
  const project = await api.project()
  expect(await read(`/projects/${project.id}/velocity`)).toMatchObject({
    sprints_counted: 0,
    mean: null,
    standard_deviation: null,
    reason: expect.stringContaining('closed'),
  })
  for (const [n, points] of [100, 4, 6, 11].entries()) {
    const sprint = await api.sprint(project.id)
    const task = await api.task(project.id, { sprint_id: sprint.id, story_points: points })
    await start(sprint)
    await move(task, 'done')
    await then(10 - n, () => complete(sprint))
  }
  // (4 + 6 + 11) / 3 = 7; deviations -3, -1, 4: sqrt((9 + 1 + 16) / 2) = sqrt(13).
  const velocity = await read(`/projects/${project.id}/velocity`)
  expect(velocity).toMatchObject({ sprints_counted: 3, mean: 7, min: 4, max: 11, reason: null })
  expect(velocity.standard_deviation).toBeCloseTo(Math.sqrt(13))
  expect(velocity.sprints.map((it: Json) => it.completed_points)).toEqual([4, 6, 11])
  expect((await read(`/projects/${project.id}/velocity?last=10`)).mean).toBe(121 / 4)
})

test('before a sprint starts its charts say so', async () => {
  const project = await api.project()
  const sprint = await api.sprint(project.id)
  await api.task(project.id, { sprint_id: sprint.id, story_points: 3 })
  for (const chart of ['burndown', 'burnup', 'flow']) {
    const answer = await read(`/sprints/${sprint.id}/${chart}`)
    expect(answer.reason).toContain('has not started')
    expect(answer.points ?? answer.days).toEqual([])
  }
})

test('days without work are told as spans, from the start to the planned end and beyond', async () => {
  const project = await api.project({ settings: { working_days: [2] } })
  const sprint = await then(20, () => api.sprint(project.id, { end_date: noon(13) }))
  await then(20, () => start(sprint))
  const { days_off } = await read(`/sprints/${sprint.id}/burndown`)
  const workDays = days_off
    .slice(1)
    .map(({ from }: Json, n: number) => [Date.parse(from) - Date.parse(days_off[n].to), from])
  expect(workDays.length).toBeGreaterThanOrEqual(2)
  for (const [length, next] of workDays) {
    expect(length).toBe(24 * 60 * 60 * 1000)
    expect(new Date(next).getUTCDay()).toBe(3)
  }
  expect(days_off[0].from <= noon(19)).toBe(true)
  expect(days_off.at(-1).to > noon(1)).toBe(true)
})

test('days are those of the project', async () => {
  const project = await api.project({ settings: { time_zone: 'Pacific/Kiritimati' } })
  const task = await api.task(project.id, { sprint_id: (await api.sprint(project.id)).id })
  await then(5, () => move(task, 'in_progress'))
  // Noon in London is two in the morning of the next day there (UTC+14).
  const flow = await read(`/projects/${project.id}/flow?days=10`)
  const moved = flow.days.find((day: Json) => day.in_progress === 1)
  expect(moved.date).toBe(noon(4).slice(0, 10))
})

test('an unknown time zone or working day is refused by its name', async () => {
  for (const [field, settings] of [
    ['settings.time_zone', { time_zone: 'Europe/Atlantis' }],
    ['settings.time_zone', { time_zone: '+02:00' }],
    ['settings.working_days.0', { working_days: [0] }],
    ['settings.working_days', { working_days: [1, 1] }],
    ['settings.working_days', { working_days: [] }],
  ] as const) {
    const answer = await api.post('/projects', { slug: 'zone', name: 'Z', settings })
    expect(answer.status).toBe(422)
    expect(answer.body.errors[0].field).toBe(field)
  }
})
