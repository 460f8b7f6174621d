import { expect, test } from 'vitest'
import { checkedApi } from '../../support/checked-api.ts'

const api = await checkedApi()
const project = await api.project()
const { id: sprint_id } = await api.sprint(project.id)
const newTask = () => api.task(project.id, { sprint_id, title: 'First', labels: ['a'] })
const patch = (id: number, body: object) => api.patch(`/tasks/${id}`, body)

test('an edit of what somebody changed meanwhile is refused, naming the field and its value now', async () => {
  const { id } = await newTask()
  await patch(id, { title: 'Second' })
  const late = await patch(id, { title: 'Mine', expected: { title: 'First' } })
  expect(late).toMatchObject({
    status: 409,
    body: {
      rule: 'task_changed_meanwhile',
      errors: [{ field: 'title', message: 'is "Second" now' }],
    },
  })
  expect((await api.get(`/tasks/${id}`)).body.title).toBe('Second')
  const again = await patch(id, { title: 'Mine', expected: { title: 'Second' } })
  expect(again).toMatchObject({ status: 200, body: { title: 'Mine' } })
})

test('a field that says what is wanted of it already, or that nobody changed, is no conflict', async () => {
  const { id } = await newTask()
  await patch(id, { title: 'Same', priority: 'low' })
  const same = await patch(id, {
    title: 'Same',
    story_points: 8,
    expected: { title: 'First', story_points: null },
  })
  expect(same).toMatchObject({ status: 200, body: { title: 'Same', story_points: 8 } })
})

test('lists are compared by what they hold, and unknown fields are named', async () => {
  const { id } = await newTask()
  const labelled = await patch(id, { labels: ['b'], expected: { labels: ['a'] } })
  expect(labelled.status).toBe(200)
  expect((await patch(id, { labels: [], expected: { labels: ['a'] } })).status).toBe(409)
  const unknown = await patch(id, { title: 'X', expected: { colour: 'red' } })
  expect(unknown).toMatchObject({ status: 422, body: { errors: [{ field: 'expected.colour' }] } })
})

test('labels are added and removed without a word about the others', async () => {
  const { id } = await newTask()
  const labels = async (body: object) => (await patch(id, body)).body.labels
  expect(await labels({ labels_add: ['b', 'a'] })).toEqual(['a', 'b'])
  expect(await labels({ labels_remove: ['a', 'none'], labels_add: ['c'] })).toEqual(['b', 'c'])
  const many = Array.from({ length: 99 }, (_, index) => `l${index}`)
  expect(await patch(id, { labels_add: many })).toMatchObject({
    status: 422,
    body: { errors: [{ field: 'labels_add' }] },
  })
})
