import { expect, test } from 'vitest'
import { revisionHash } from '../../../../api/core/revisions/revision-hash.ts'
import type { Json } from '../../../support/api.ts'
import { checkedApi } from '../../support/checked-api.ts'

const api = await checkedApi()
const project = await api.project()
const history = async (task: Json) => (await api.get(`/tasks/${task.id}/history`)).body.items

test('a history tells who changed which fields, the newest first and page by page', async () => {
  const task = await api.task(project.id, { title: 'First' })
  await api.patch(`/tasks/${task.id}`, { title: 'Second', story_points: 3 })
  await api.patch(`/tasks/${task.id}`, { title: 'Second' })
  await api.patch(`/tasks/${task.id}`, { labels_add: ['x'] })

  const items = await history(task)
  expect(items.map((it: Json) => it.fields.includes('title') && it.number)).toEqual([false, 2, 1])
  expect(items[0]).toMatchObject({ number: 3, fields: ['labels'], parent_hash: items[1].hash })
  expect(items[1]).toMatchObject({ fields: ['hand_set', 'story_points', 'title'] })
  expect(items[1].changes).toContainEqual({ field: 'title', from: 'First', to: 'Second' })
  expect(items[2].changes).toEqual([])
  const [made] = (await api.get(`/events?entity_type=task&entity_id=${task.id}&limit=1`)).body.items
  expect(items[2]).toMatchObject({ actor: made.actor, correlation_id: made.correlation_id })

  const { body: page } = await api.get(`/tasks/${task.id}/history?limit=2`)
  const { body: rest } = await api.get(
    `/tasks/${task.id}/history?limit=2&cursor=${page.next_cursor}`,
  )
  expect([...page.items, ...rest.items]).toEqual(items)
  expect(rest.next_cursor).toBeNull()
})

test('a revision is read by its number or the beginning of its hash, and can be hashed again', async () => {
  const sprint = await api.sprint(project.id, { goal: 'Ship' })
  const { body } = await api.get(`/sprints/${sprint.id}/revisions/1`)
  expect(JSON.parse(body.content)).toMatchObject({ code: sprint.code, goal: 'Ship' })
  expect(revisionHash(body)).toBe(body.hash)
  const begin = body.hash.slice(0, 12)
  expect((await api.get(`/sprints/${sprint.code}/revisions/${begin}`)).body).toEqual(body)
  const missing = await api.get(`/sprints/${sprint.id}/revisions/7`)
  expect(missing).toMatchObject({
    status: 404,
    body: { detail: expect.stringContaining('1 to 1') },
  })
  expect((await api.get(`/sprints/${sprint.id}/revisions/xyz`)).status).toBe(422)
})

test('two revisions differ field by field, and texts line by line', async () => {
  const lines = Array.from({ length: 20 }, (_, n) => `line ${n}`)
  const task = await api.task(project.id, { description: lines.join('\n'), priority: 'low' })
  const changed = lines.with(1, 'line one').toSpliced(15, 1)
  await api.patch(`/tasks/${task.id}`, { description: changed.join('\n'), priority: 'high' })
  await api.patch(`/tasks/${task.id}`, { priority: 'low' })

  const { body } = await api.get(`/tasks/${task.id}/diff?from=1&to=2`)
  expect(body.fields.map((it: Json) => it.field)).toEqual(['description', 'hand_set', 'priority'])
  const inLines = (await history(task))[1].changes.map((it: Json) => it.field)
  expect(inLines).toEqual(['hand_set', 'priority'])
  expect(body.fields[0].lines).toBe(
    [
      ...['@@ -1,5 +1,5 @@', ' line 0', '-line 1', '+line one', ' line 2', ' line 3', ' line 4'],
      ...['@@ -13,7 +13,6 @@', ' line 12', ' line 13', ' line 14', '-line 15'],
      ...[' line 16', ' line 17', ' line 18'],
    ].join('\n'),
  )
  expect((await api.get(`/tasks/${task.id}/diff`)).body.fields).toEqual([
    { field: 'priority', from: 'high', to: 'low' },
  ])
  const whole = (await api.get(`/tasks/${task.id}/diff?from=1`)).body
  expect(whole.fields.map((it: Json) => it.field)).toEqual(['description', 'hand_set'])
  const alone = await api.task(project.id)
  expect(await api.get(`/tasks/${alone.id}/diff`)).toMatchObject({
    status: 422,
    body: { rule: 'two_revisions' },
  })
})

test('texts of very many equal lines between different ends are compared as wholes', async () => {
  const lines = '\n'.repeat(90_000)
  const task = await api.task(project.id, { description: `from${lines}here` })
  await api.patch(`/tasks/${task.id}`, { description: `to${lines}there` })
  const [changed] = (await api.get(`/tasks/${task.id}/diff`)).body.fields
  expect([changed.field, changed.lines]).toEqual(['description', undefined])
})

test('rolling back is a new revision, with the events of an edit, and a second time nothing', async () => {
  const sprint = await api.sprint(project.id)
  const other = await api.task(project.id)
  const task = await api.task(project.id, { sprint_id: sprint.id, labels: ['a'] })
  await api.post(`/tasks/${task.id}/dependencies`, { depends_on_id: other.id, kind: 'suggested' })
  const [then] = await history(task)
  await api.patch(`/tasks/${task.id}`, { labels: [], sprint_id: null })
  await api.delete(`/tasks/${task.id}/dependencies/${other.id}`)
  await api.post(`/tasks/${task.id}/dependencies`, { depends_on_id: other.id })

  const { status, body } = await api.post(`/tasks/${task.id}/actions/rollback`, {
    to: then.hash.slice(0, 10),
  })
  expect({ status, number: body.number }).toEqual({ status: 200, number: 6 })
  const { content } = (await api.get(`/tasks/${task.id}/revisions/${then.number}`)).body
  expect(body.content).toBe(content)
  expect((await api.get(`/tasks/${task.id}`)).body).toMatchObject({
    ...{ board_status: 'todo', sprint_id: sprint.id, labels: ['a'] },
  })
  const told = (await api.get(`/events?entity_type=task&entity_id=${task.id}`)).body.items
  const types = told.map((it: Json) => it.type)
  expect(types).toEqual(expect.arrayContaining(['task.added_to_sprint', 'task.rolled_back']))
  expect((await api.post(`/tasks/${task.id}/actions/rollback`, { to: 2 })).body).toEqual(body)
})

test.each([-1, 0, 1.5, null, true, [1], '../1', ''])('a revision is not called %j', async (to) => {
  const task = await api.task(project.id)
  expect(await api.post(`/tasks/${task.id}/actions/rollback`, { to })).toMatchObject({
    status: 422,
    body: {
      errors: [
        {
          field: 'to',
          message:
            'must be the number of a revision, or the first 6 or more characters of its hash',
        },
      ],
    },
  })
})

test('a rollback that a rule forbids changes nothing and says why', async () => {
  const closed = await api.sprint(project.id, { goal: 'Old' })
  const task = await api.task(project.id, { sprint_id: closed.id, title: 'Before' })
  await api.patch(`/tasks/${task.id}`, { title: 'After' })
  await api.patch(`/sprints/${closed.id}`, { goal: 'New' })
  await api.post(`/sprints/${closed.id}/actions/start`)
  const rollBack = (what: string, to: number) => api.post(`${what}/actions/rollback`, { to })
  expect(await rollBack(`/sprints/${closed.id}`, 1)).toMatchObject({
    ...{ status: 409, body: { rule: 'sprint_status_has_verbs' } },
  })
  await api.post(`/sprints/${closed.id}/actions/complete`)
  expect(await rollBack(`/sprints/${closed.id}`, 3)).toMatchObject({
    ...{ status: 409, body: { rule: 'closed_sprint_is_read_only' } },
  })
  expect(await rollBack(`/tasks/${task.id}`, 1)).toMatchObject({
    ...{ status: 409, body: { rule: 'closed_sprint_is_read_only' } },
  })
  expect((await rollBack(`/tasks/${task.id}`, 99)).status).toBe(404)
  expect((await rollBack('/tasks/999999999', 1)).status).toBe(404)
  expect((await api.get(`/tasks/${task.id}`)).body.title).toBe('After')
  expect((await api.get(`/sprints/${closed.id}`)).body).toMatchObject({ goal: 'New' })
})

test('a card whose step rules does not roll back to another column', async () => {
  const linked = await api.linkedRun(project.id, [{ step_name: 'build', step_type: 'execute' }])
  await api.act(linked.step('build'), 'start')
  await api.settled()
  await api.act(linked.step('build'), 'complete')
  await api.settled()
  const card = await linked.card('build')
  expect(card.board_status).toBe('done')
  const answer = await api.post(`/tasks/${card.id}/actions/rollback`, { to: 2 })
  expect(answer).toMatchObject({ status: 409, body: { rule: 'step_rules' } })
  expect(await linked.card('build')).toEqual(card)
})

test('a rollback onto a task that is gone says which', async () => {
  const [task, gone] = [await api.task(project.id), await api.task(project.id)]
  await api.post(`/tasks/${task.id}/dependencies`, { depends_on_id: gone.id })
  await api.database.sql`delete from tasks where id = ${gone.id}`
  const answer = await api.post(`/tasks/${task.id}/actions/rollback`, { to: 2 })
  expect(answer).toMatchObject({
    ...{ status: 404, body: { detail: `There is no task ${gone.id}.` } },
  })
})
