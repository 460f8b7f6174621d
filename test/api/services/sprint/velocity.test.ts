import { expect, test } from 'vitest'
import { gap } from '../../../../api/core/ordering.ts'
import type { Json } from '../../../support/api.ts'
import { checkedApi } from '../../support/checked-api.ts'
import { expectConsistent } from '../../support/consistent.ts'

const api = await checkedApi()
const project = await api.project()
const act = (sprint: Json, action: string) => api.post(`/sprints/${sprint.id}/actions/${action}`)
let specs = 0
const newPath = () => `specs/${String(++specs).padStart(3, '0')}-velocity`
const into = (sprint: Json, spec_path: string, content: string) =>
  api.post(`/sprints/${sprint.id}/actions/import-tasks`, { spec_path, content })
const tasksOf = async (sprint: Json) => (await api.get(`/sprints/${sprint.id}/tasks`)).body.items

/** The velocity that is asked for and the one the sprint keeps: they never differ. */
async function velocityOf(sprint: Json): Promise<Json> {
  await api.settled()
  const asked = (await api.get(`/sprints/${sprint.id}/velocity`)).body
  const kept = (await api.get(`/sprints/${sprint.id}`)).body
  expect(kept.velocity_actual).toBe(asked.velocity_actual)
  return asked
}

test('a box that was ticked before anyone looked is done, and no work of a sprint that has started', async () => {
  const [sprint, path] = [await api.sprint(project.id), newPath()]
  await act(sprint, 'start')
  await into(sprint, path, '- [x] T001 Old [5pts]\n- [ ] T002 New [3pts]\n')
  const [old] = await tasksOf(sprint)
  expect(old).toMatchObject({ board_status: 'done', completed_at: null, started_at: null })
  expect(await velocityOf(sprint)).toMatchObject({
    total_points: 8,
    completed_points: 5,
    velocity_actual: 0,
  })
  // A box that is ticked later was done by the time of that import.
  await into(sprint, path, '- [x] T001 Old [5pts]\n- [x] T002 New [3pts]\n')
  expect((await tasksOf(sprint))[1].completed_at).not.toBeNull()
  expect(await velocityOf(sprint)).toMatchObject({ completed_points: 8, velocity_actual: 3 })
  // A change of something else does not date it.
  await api.patch(`/tasks/${old.id}`, { title: 'Older' })
  expect(await velocityOf(sprint)).toMatchObject({ velocity_actual: 3 })
  expect((await act(sprint, 'complete')).body.report).toMatchObject({
    committed_points: 0,
    scope_change_points: 8,
    completed_points: 3,
    carried_over_points: 0,
  })
})

test('done again, a task that was ticked before anyone looked counts', async () => {
  const sprint = await api.sprint(project.id)
  await into(sprint, newPath(), '- [x] T001 Old [5pts]\n')
  const [old] = await tasksOf(sprint)
  await act(sprint, 'start')
  await api.patch(`/tasks/${old.id}`, { board_status: 'in_progress' })
  await api.patch(`/tasks/${old.id}`, { board_status: 'done' })
  expect(await velocityOf(sprint)).toMatchObject({ velocity_actual: 5 })
})

test('while a sprint is planned, everything that is done counts', async () => {
  const sprint = await api.sprint(project.id)
  await into(sprint, newPath(), '- [x] T001 Old [5pts]\n')
  expect(await velocityOf(sprint)).toMatchObject({ completed_points: 5, velocity_actual: 5 })
  await act(sprint, 'start')
  expect(await velocityOf(sprint)).toMatchObject({ completed_points: 5, velocity_actual: 0 })
})

test('a closed sprint keeps the figures it closed with, whatever is carried over or corrected', async () => {
  const sprint = await api.sprint(project.id)
  const make = (story_points: number) =>
    api.task(project.id, { sprint_id: sprint.id, story_points })
  const [early, late] = [await make(1), await make(2)]
  const left = await make(4)
  const finish = (task: Json) => api.patch(`/tasks/${task.id}`, { board_status: 'done' })
  await finish(early)
  await act(sprint, 'start')
  await finish(late)
  const figures = { total_points: 7, completed_points: 3, velocity_actual: 2 }
  expect(await velocityOf(sprint)).toMatchObject(figures)
  await act(sprint, 'complete')
  expect(await velocityOf(sprint)).toMatchObject({ ...figures, completion_rate: 3 / 7 })
  const correction = { story_points: 40, override_reason: 'A typing error' }
  expect((await api.patch(`/tasks/${late.id}`, correction)).status).toBe(200)
  expect(await velocityOf(sprint)).toMatchObject(figures)
  expect((await api.get(`/tasks/${left.id}`)).body.sprint_id).toBeNull()
  // Open again, it counts what is in it.
  await api.post(`/sprints/${sprint.id}/actions/reopen`, { reason: 'Too early' })
  expect(await velocityOf(sprint)).toMatchObject({ total_points: 41, velocity_actual: 40 })
})

test('deleting, replanning, retrying and skipping steps leave board, links and velocity right', async () => {
  const points = (step_name: string, story_points: number, depends_on: string[] = []) => ({
    step_name,
    story_points,
    depends_on,
  })
  const { run, sprint, step, card } = await api.linkedRun(project.id, [
    points('a', 1),
    points('b', 2, ['a']),
    points('c', 4, ['b']),
    points('d', 8),
    points('e', 16),
  ])
  await act(sprint, 'start')
  const counts = async (total_points: number, completed_points: number) =>
    expect(await velocityOf(sprint)).toMatchObject({
      total_points,
      completed_points,
      velocity_actual: completed_points,
    })
  await counts(31, 0)
  for (const name of ['a', 'b', 'd']) await api.act(step(name), 'complete')
  await counts(31, 11)
  // Retried: no longer done, and done again once only.
  await api.act(step('d'), 'retry')
  await counts(31, 3)
  await api.act(step('d'), 'complete')
  await counts(31, 11)
  // Skipped: neither to do nor done; retried, it counts again.
  await api.act(step('e'), 'skip')
  await counts(15, 11)
  await api.act(step('e'), 'retry')
  await counts(31, 11)
  // Deleted: its points go, done or not, and nobody waits for it.
  await api.delete(`/steps/${step('b').id}`)
  await counts(29, 9)
  // One plan adds f, renames c to c2 (another step by its name), turns the order, and drops e.
  const put = await api.put(`/protocols/${run.id}/steps`, {
    steps: [points('f', 32), points('d', 8), points('a', 3), points('c2', 4, ['a'])],
  })
  await counts(47, 11)
  const living = put.body.steps
  expect(living.map((it: Json) => it.step_name)).toEqual(['f', 'd', 'a', 'c2'])
  const board = await tasksOf(sprint)
  expect(new Map(board.map((it: Json) => [it.id, it.step_run_id]))).toEqual(
    new Map(living.map((it: Json) => [it.linked_task_id, it.id])),
  )
  expect(await card('a')).toMatchObject({
    board_status: 'done',
    story_points: 3,
    position: 2 * gap,
  })
  const edges = (await api.get(`/tasks/${living[3].linked_task_id}/dependencies`)).body.depends_on
  expect(edges).toMatchObject([{ depends_on_id: living[2].linked_task_id, source: 'protocol' }])
  expect(await card('e')).toMatchObject({ board_status: 'archived' })
})

test('nothing is left inconsistent', async () => {
  await api.settled()
  await expectConsistent(api.database)
})
