import { expect, test } from 'vitest'
import type { Json } from '../../../support/api.ts'
import { checkedApi } from '../../support/checked-api.ts'

const api = await checkedApi()
const project = await api.project()
const get = async (task: Json) => (await api.get(`/tasks/${task.id}`)).body

/** A session that works on a sprint; what it does is told in its name. */
async function session(sprint: Json) {
  const { body } = await api.post('/agent/init', { command: `S:${sprint.code}`, agent: 'claude' })
  const key: string = body.session_key
  const inIt = { headers: { 'X-Session-Key': key } }
  const replay = (options: object = {}) => api.post(`/sessions/${key}/actions/replay`, options)
  return { key, inIt, replay }
}

test('after an undo, what a session did is done again', async () => {
  const sprint = await api.sprint(project.id)
  const task = await api.task(project.id, { sprint_id: sprint.id, labels: ['a'] })
  const { key, inIt, replay } = await session(sprint)
  await api.patch(`/tasks/${task.id}`, { board_status: 'in_progress' }, inIt)
  const edit = { board_status: 'review', title: 'Better', labels: ['b'] }
  const done = (await api.patch(`/tasks/${task.id}`, edit, inIt)).body
  const made = (await api.post('/tasks', { project_id: project.id, title: 'Made' }, inIt)).body
  const [{ correlation_id, session_key }] = (await api.get(`/tasks/${task.id}/history`)).body.items
  expect(session_key).toBe(key)
  expect((await api.post('/undo', { correlation_id })).status).toBe(200)
  expect((await get(task)).title).toBe(task.title)

  const planned = (await replay({ dry_run: true })).body
  expect(planned).toMatchObject({ applied: false, conflicts: [], unmatched: [] })
  expect((await get(task)).title).toBe(task.title)
  const { body } = await replay()
  expect(body).toEqual({ ...planned, applied: true })
  expect(body.changed).toEqual([
    expect.objectContaining({
      ...{ code: task.code, fields: ['board_status', 'hand_set', 'labels', 'title'] },
    }),
    expect.objectContaining({ code: made.code, fields: ['board_status'] }),
  ])
  const again = { updated_at: expect.any(String), started_at: expect.any(String) }
  expect(await get(task)).toEqual({ ...(await strip(done)), ...again })
  expect((await get(made)).board_status).toBe('backlog')
  expect((await replay()).body).toMatchObject({ applied: false, changed: [], conflicts: [] })
})

const strip = async ({ warnings: _, ...task }: Json) => task

test('what was changed since is a conflict with both sides, and nothing is done unless told so', async () => {
  const sprint = await api.sprint(project.id)
  const [one, two] = [
    await api.task(project.id, { sprint_id: sprint.id }),
    await api.task(project.id, { sprint_id: sprint.id }),
  ]
  const { inIt, replay } = await session(sprint)
  await api.patch(`/tasks/${one.id}`, { title: 'Session', priority: 'high' }, inIt)
  await api.patch(`/tasks/${two.id}`, { title: 'Session' }, inIt)
  await api.patch(`/tasks/${one.id}`, { title: 'Other', priority: 'medium' })
  await api.patch(`/tasks/${two.id}`, { title: two.title })

  const { body } = await replay()
  expect(body).toMatchObject({ applied: false })
  expect(body.conflicts).toEqual([
    {
      ...{ entity_type: 'task', entity_id: one.id, code: one.code, field: 'title' },
      ...{ base: one.title, present: 'Other', replayed: 'Session', reason: 'it was changed since' },
    },
  ])
  expect((await get(two)).title).toBe(two.title)

  expect((await replay({ skip_conflicts: true })).body.applied).toBe(true)
  expect(await get(one)).toMatchObject({ title: 'Other', priority: 'high' })
  expect((await get(two)).title).toBe('Session')
})

test('onto another sprint, the tasks of the same title are changed, and others are named', async () => {
  const [here, there] = [await api.sprint(project.id), await api.sprint(project.id)]
  const task = await api.task(project.id, { sprint_id: here.id, title: 'Login' })
  const alone = await api.task(project.id, { sprint_id: here.id, title: 'Nowhere else' })
  const match = await api.task(project.id, { sprint_id: there.id, title: 'Login' })
  const { inIt, replay } = await session(here)
  const edit = { board_status: 'review', story_points: 5, position: 77 }
  await api.patch(`/tasks/${task.id}`, edit, inIt)
  await api.patch(`/tasks/${alone.id}`, { story_points: 1 }, inIt)

  const { body } = await replay({ sprint_id: there.code })
  expect(body.unmatched).toMatchObject([{ code: alone.code }])
  expect(await get(match)).toMatchObject({
    ...{ sprint_id: there.id, board_status: 'review', story_points: 5, position: match.position },
  })
})

test('what a rule forbids is a conflict; a session that changed nothing is not there', async () => {
  const sprint = await api.sprint(project.id)
  const task = await api.task(project.id, { sprint_id: sprint.id })
  const { inIt, replay } = await session(sprint)
  expect((await replay()).status).toBe(404)
  await api.patch(`/tasks/${task.id}`, { board_status: 'done', title: 'Mine' }, inIt)
  await api.patch(`/tasks/${task.id}`, { title: task.title })
  await api.post(`/sprints/${sprint.id}/actions/start`)
  await api.post(`/sprints/${sprint.id}/actions/complete`)
  const { body } = await replay({ skip_conflicts: true })
  expect(body).toMatchObject({ applied: false, changed: [] })
  expect(body.conflicts).toMatchObject([
    { code: task.code, field: null, reason: expect.stringContaining('read-only') },
  ])
  expect((await get(task)).title).toBe(task.title)
})
