import { expect, test } from 'vitest'
import { checkedApi } from '../../support/checked-api.ts'

const api = await checkedApi()
const project = (await api.post('/projects', { slug: 'shop', name: 'Shop' })).body
const tokenFor = async (name: string, role: string) =>
  (await api.post('/tokens', { name, role })).body.secret as string
const anna = { token: await tokenFor('anna', 'member') }
const ben = { token: await tokenFor('ben', 'member') }
const viewer = { token: await tokenFor('guest', 'viewer') }
const save = (name: string, query = 'mine=1', who = anna) =>
  api.post('/views', { project_id: project.id, name, query }, who)

test('a view is saved by name, and seen by everyone who sees the project', async () => {
  const { status, body } = await save('  Mine  ')
  expect([status, body]).toEqual([
    201,
    expect.objectContaining({ name: 'Mine', query: 'mine=1', created_by: 'anna' }),
  ])
  const other = (await api.post('/projects', { slug: 'other', name: 'Other' })).body
  const seen = await api.get(`/views?project_id=${project.id}`, viewer)
  expect(seen.body.items).toEqual([body])
  expect((await api.get(`/views?project_id=${other.id}`, viewer)).body.items).toEqual([])
})

test('who saved it may change and delete it, an admin too, and nobody else', async () => {
  const { body: view } = await save('Blocked')
  const path = `/views/${view.id}`
  expect(await api.patch(path, { name: 'Stuck' }, ben)).toMatchObject({
    status: 403,
    body: { rule: 'view_owner', detail: expect.stringContaining('anna') },
  })
  expect(await api.delete(path, ben)).toMatchObject({ status: 403, body: { rule: 'view_owner' } })
  expect((await api.patch(path, { query: 'blocked=1' }, anna)).body.query).toBe('blocked=1')
  expect((await api.patch(path, { name: 'Stuck' })).body).toMatchObject({
    name: 'Stuck',
    query: 'blocked=1',
    created_by: 'anna',
  })
  expect((await api.delete(path, anna)).body.id).toBe(view.id)
  expect((await api.delete(path, anna)).status).toBe(404)
})

test('a name is taken in one project, in any case, and may be used in another', async () => {
  await save('Review')
  expect(await save('review', '', ben)).toMatchObject({
    status: 409,
    body: { rule: 'one_saved_view_per_name', errors: [{ field: 'name' }] },
  })
  const { body: free } = await save('Free')
  expect((await api.patch(`/views/${free.id}`, { name: 'REVIEW' }, anna)).status).toBe(409)
  const other = (await api.post('/projects', { slug: 'third', name: 'Third' })).body
  const again = { project_id: other.id, name: 'Review', query: '' }
  expect((await api.post('/views', again, ben)).status).toBe(201)
})

test('each change is told once; one that changes nothing is not', async () => {
  const { body: view } = await save('Told', 'a=1')
  await api.patch(`/views/${view.id}`, { name: 'Told', query: 'a=1' }, anna)
  await api.patch(`/views/${view.id}`, { query: 'a=2' }, anna)
  await api.delete(`/views/${view.id}`, anna)
  const { body } = await api.get(`/events?entity_type=view&entity_id=${view.id}`)
  expect(body.items.map((it: { type: string; payload: object }) => [it.type, it.payload])).toEqual([
    ['view.created', { name: 'Told' }],
    ['view.updated', { changes: { query: { from: 'a=1', to: 'a=2' } } }],
    ['view.deleted', { name: 'Told' }],
  ])
})

test('views go with their project', async () => {
  const gone = (await api.post('/projects', { slug: 'gone', name: 'Gone' })).body
  const view = { project_id: gone.id, name: 'Any', query: '' }
  expect((await api.post('/views', view, anna)).status).toBe(201)
  expect((await api.delete(`/projects/${gone.id}`)).status).toBe(200)
  expect((await api.get(`/views?project_id=${gone.id}`)).body.items).toEqual([])
})
