import { expect, test } from 'vitest'
import type { Json } from '../../../support/api.ts'
import { checkedApi } from '../../support/checked-api.ts'
import { inThePast, noon } from './in-the-past.ts'

const api = await checkedApi()
const move = async (task: Json, board_status: string) =>
  expect((await api.patch(`/tasks/${task.id}`, { board_status })).status).toBe(200)
const date = (daysAgo: number) => noon(daysAgo).slice(0, 10)

/** A project that finished so many tasks on each of the last days, yesterday last. */
async function projectThatFinished(perDay: readonly number[]): Promise<Json> {
  const project = await api.project()
  const { id: sprint_id } = await api.sprint(project.id)
  for (const [n, count] of perDay.entries()) {
    await inThePast(api.database.sql, noon(perDay.length - n), async () => {
      const moved = await api.task(project.id, { sprint_id })
      // A day is one of history also where a card moved and none was finished.
      await move(moved, 'in_progress')
      await move(moved, 'archived')
      for (let n = 0; n < count; n++) {
        await move(await api.task(project.id, { sprint_id }), 'done')
      }
    })
  }
  return project
}
const forecast = async (project: Json, query = ''): Promise<Json> =>
  (await api.get(`/projects/${project.id}/forecast?${query}`)).body

test('one task on every day of history: five are done in five days, and ten days bring ten', async () => {
  const project = await projectThatFinished(Array(12).fill(1))
  const told = await forecast(project, `remaining_min=5&remaining_max=5&by=${date(-10)}`)
  expect(told).toMatchObject({
    confidence: 'normal',
    reason: null,
    as_of: date(0),
    when: { p50: date(-5), p85: date(-5), p95: date(-5) },
    how_many: { by: date(-10), p50: 10, p85: 10, p95: 10 },
    history: { from: date(12), to: date(1), samples: Array(12).fill(1) },
    runs: 10_000,
  })
  expect(told.assumptions.length).toBeGreaterThan(0)
})

test('more certainty takes longer and promises less; the same question has the same answer', async () => {
  const project = await projectThatFinished([0, 3, 0, 0, 1, 0, 2, 0, 0, 0, 1])
  const asked = `remaining_min=8&remaining_max=12&by=${date(-30)}`
  const told = await forecast(project, asked)
  expect(told.remaining).toEqual({ min: 8, max: 12 })
  expect(told.when.p50 < told.when.p85 && told.when.p85 < told.when.p95).toBe(true)
  expect(told.how_many.p50).toBeGreaterThan(told.how_many.p85)
  expect(told.how_many.p85).toBeGreaterThan(told.how_many.p95)
  expect(await forecast(project, asked)).toEqual(told)
  expect(await forecast(project, `${asked}&seed=${told.seed}`)).toEqual(told)
  expect((await forecast(project, `${asked}&seed=7`)).seed).toBe(7)
})

test('few days of history give low confidence, and none, or none finished, no forecast', async () => {
  const few = await forecast(await projectThatFinished([1, 0, 1]), 'remaining_min=2')
  expect(few).toMatchObject({ confidence: 'low', reason: expect.stringContaining('(4)') })
  expect(few.when.p85).not.toBeNull()

  for (const [history, reason] of [
    [[0, 0, 0], 'no task was finished'],
    [[], 'no card of the project has been moved'],
  ] as const) {
    expect(await forecast(await projectThatFinished(history), 'remaining_min=2')).toMatchObject({
      confidence: 'none',
      reason: expect.stringContaining(reason),
      when: null,
      how_many: null,
    })
  }
})

test('a sprint is forecast by what is unfinished in it and by its planned end', async () => {
  const project = await projectThatFinished(Array(10).fill(2))
  const sprint = await api.sprint(project.id, { end_date: noon(-6) })
  for (let task = 0; task < 4; task++) await api.task(project.id, { sprint_id: sprint.id })
  const told = (await api.get(`/sprints/${sprint.id}/forecast`)).body
  expect(told).toMatchObject({
    remaining: { min: 4, max: 4 },
    when: { p85: date(-2) },
    how_many: { by: date(-6), p85: 12 },
  })
  await api.post(`/sprints/${sprint.id}/actions/complete`)
  expect((await api.get(`/sprints/${sprint.id}/forecast`)).body).toMatchObject({
    confidence: 'none',
    reason: expect.stringContaining('completed'),
    when: null,
  })
})

test('a question that cannot be meant is refused by its field', async () => {
  const project = await projectThatFinished([1])
  for (const [field, query] of [
    ['remaining_max', 'remaining_min=5&remaining_max=4'],
    ['by', `by=${date(0)}`],
    ['by', 'by=2999-01-01'],
    ['by', 'by=tomorrow'],
    ['seed', 'seed=-1'],
    ['seed', 'seed='],
    ['remaining_min', 'remaining_min='],
    ['history_days', 'history_days=0'],
  ] as const) {
    const answer = await api.get(`/projects/${project.id}/forecast?${query}`)
    expect(answer.status, query).toBe(422)
    expect(answer.body.errors[0].field).toBe(field)
  }
})
