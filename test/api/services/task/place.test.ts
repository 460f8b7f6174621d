import { expect, test } from 'vitest'
import type { Json } from '../../../support/api.ts'
import { checkedApi } from '../../support/checked-api.ts'

const api = await checkedApi()
const project = await api.project()
const place = (tasks: readonly Json[], body: object = {}) =>
  api.post('/tasks/actions/place', { task_ids: tasks.map((it) => it.id), ...body })
const titlesIn = async (sprintId: number) =>
  (await api.get(`/sprints/${sprintId}/tasks?limit=1000`)).body.items
    .toSorted((a: Json, b: Json) => a.position - b.position || a.id - b.id)
    .map((it: Json) => it.title)
    .join(' ')

async function sprintOf(...titles: string[]) {
  const sprint = await api.sprint(project.id)
  const tasks: Record<string, Json> = {}
  for (const title of titles) {
    tasks[title] = await api.task(project.id, { sprint_id: sprint.id, title })
  }
  return { sprint, tasks }
}

test('a new task is last, and tasks go before or after another one in the order given', async () => {
  const { sprint, tasks } = await sprintOf('a', 'b', 'c', 'd')
  expect(await titlesIn(sprint.id)).toBe('a b c d')
  await place([tasks.d, tasks.b], { before_task_id: tasks.a.id })
  expect(await titlesIn(sprint.id)).toBe('d b a c')
  await place([tasks.d], { after_task_id: tasks.a.id, board_status: 'review' })
  expect(await titlesIn(sprint.id)).toBe('b a d c')
  expect((await api.get(`/tasks/${tasks.d.id}`)).body.board_status).toBe('review')
  await place([tasks.b])
  expect(await titlesIn(sprint.id)).toBe('a d c b')
})

test('where the room is used up the neighbours move too, and every one of them is told', async () => {
  const { sprint, tasks } = await sprintOf('a', 'b', 'c')
  await api.database.sql`update tasks set position = 0 where sprint_id = ${sprint.id}`
  await place([tasks.c], { after_task_id: tasks.a.id })
  expect(await titlesIn(sprint.id)).toBe('a c b')
  const { body } = await api.get(`/events?sprint_id=${sprint.id}&type=task.updated&limit=1000`)
  const told = new Set(body.items.map((it: Json) => it.entity_id))
  const moved = await api.database.sql`
    select id from tasks where sprint_id = ${sprint.id} and position <> 0`
  expect(new Set(moved.map((it) => Number(it.id)))).toEqual(told)
})

test('many who place at once leave one order for all', async () => {
  const { sprint, tasks } = await sprintOf('a', 'b', 'c', 'd', 'e', 'f')
  const all = Object.values(tasks)
  const answers = await Promise.all(
    Array.from({ length: 40 }, (_, turn) => {
      const [moved, beside] = [all[turn % 6], all[(turn * 5 + 1) % 6]]
      return moved === beside ? place([moved]) : place([moved], { after_task_id: beside.id })
    }),
  )
  expect(answers.map((it) => it.status)).toEqual(answers.map(() => 200))
  const rows = await api.database.sql`
    select count(distinct position)::int as places from tasks where sprint_id = ${sprint.id}`
  expect(rows[0]?.places).toBe(6)
})

test('a task is taken into a sprint at its place, and back into the backlog', async () => {
  const { sprint, tasks } = await sprintOf('a', 'b')
  const loose = await api.task(project.id, { title: 'x' })
  const taken = await place([loose], { before_task_id: tasks.b.id })
  expect(taken.body.updated).toMatchObject([{ sprint_id: sprint.id, board_status: 'todo' }])
  expect(await titlesIn(sprint.id)).toBe('a x b')
  const left = await place([tasks.a, loose], { sprint_id: null })
  expect(left.body.updated).toMatchObject([
    { sprint_id: null, board_status: 'backlog' },
    { sprint_id: null, board_status: 'backlog' },
  ])
})

test('the order of a run’s cards, once set by hand, survives a sync', async () => {
  const steps = ['a', 'b', 'c'].map((step_name) => ({ step_name }))
  const { run, sprint, card } = await api.linkedRun(project.id, steps)
  await place([await card('c')], { before_task_id: (await card('a')).id })
  await api.put(`/protocols/${run.id}/steps`, { steps: [...steps, { step_name: 'd' }] })
  await api.post(`/sprints/${sprint.id}/actions/sync-from-protocol`)
  expect(await titlesIn(sprint.id)).toBe('c a b d')
})

test('what cannot be placed is refused by name and changes nothing', async () => {
  const { sprint, tasks } = await sprintOf('a', 'b')
  const elsewhere = await sprintOf('z')
  const itself = await place([tasks.a], { before_task_id: tasks.a.id })
  expect(itself).toMatchObject({ status: 422, body: { errors: [{ field: 'before_task_id' }] } })
  const both = { before_task_id: tasks.a.id, after_task_id: tasks.a.id }
  expect((await place([tasks.b], both)).status).toBe(422)
  const wrongList = { before_task_id: elsewhere.tasks.z.id, sprint_id: sprint.id }
  expect(await place([tasks.a], wrongList)).toMatchObject({
    status: 409,
    body: { rule: 'place_in_one_list' },
  })
  const foreign = await api.task((await api.project()).id)
  const mixed = await place([tasks.a, foreign], { after_task_id: tasks.b.id })
  expect(mixed).toMatchObject({ status: 409, body: { rule: 'same_project' } })
  expect((await place([tasks.a], { after_task_id: 999_999_999 })).status).toBe(404)
  expect(await titlesIn(sprint.id)).toBe('a b')
})
