import { expect, test } from 'vitest'
import { testApi } from '../../../support/api.ts'

const api = await testApi()

test('tasks are read by their ids, those that are there', async () => {
  const project = await api.post('/projects', { slug: 'some', name: 'Some' })
  const made = []
  for (const title of ['One', 'Two', 'Three']) {
    made.push((await api.post('/tasks', { project_id: project.body.id, title })).body.id)
  }
  const [one, , three] = made
  const { body } = await api.get(`/tasks?ids=${three},999999,${one}`)
  expect(body.items.map((it: { title: string }) => it.title)).toEqual(['One', 'Three'])
  const refused = await api.get('/tasks?ids=1,,2')
  expect(refused.status).toBe(422)
  expect(refused.body.errors).toMatchObject([{ field: 'ids' }])
})

test('limits of work under way are whole numbers per column, explained where they are not', async () => {
  const wip_limits = { in_progress: 3, review: 2 }
  const made = await api.post('/projects', { slug: 'wip', name: 'Wip', settings: { wip_limits } })
  expect(made.body.settings.wip_limits).toEqual(wip_limits)
  const wrong = [
    [{ in_progress: 0 }, 'settings.wip_limits.in_progress', 'leave the column out for no limit'],
    [{ review: 1.5 }, 'settings.wip_limits.review', 'whole number of cards'],
    [{ done: 3 }, 'settings.wip_limits', 'done'],
  ] as const
  for (const [limits, field, message] of wrong) {
    const answer = await api.patch(`/projects/${made.body.id}`, {
      settings: { wip_limits: limits },
    })
    expect(answer.body.errors[0].field).toContain(field)
    expect(`${answer.body.errors[0].field} ${answer.body.errors[0].message}`).toContain(message)
  }
})
