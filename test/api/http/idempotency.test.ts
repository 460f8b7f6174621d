import { expect, test } from 'vitest'
import { checkedApi } from '../support/checked-api.ts'

const api = await checkedApi()
const { sql } = api.database
const project = await api.project()
let count = 0
const newKey = () => `key-${++count}`
const post = (path: string, body: object, key: string, token?: string) =>
  api.post(path, body, { headers: { 'Idempotency-Key': key }, ...(token ? { token } : {}) })
const sprintsNamed = async (name: string) =>
  (await sql`select id from sprints where name = ${name}`).length

test('a repeat answers what the first one did, status and all, and does nothing', async () => {
  const key = newKey()
  const body = { project_id: project.id, name: 'Once' }
  const first = await post('/sprints', body, key)
  expect(first.status).toBe(201)
  await api.patch(`/sprints/${first.body.id}`, { name: 'Renamed since' })
  expect(await post('/sprints', body, key)).toEqual(first)
  expect(await sprintsNamed('Once')).toBe(0)
  expect(await sprintsNamed('Renamed since')).toBe(1)
})

test('a key names one request: another body or another verb is refused', async () => {
  const key = newKey()
  const body = { project_id: project.id, name: 'Keyed' }
  await post('/sprints', body, key)
  const refused = { status: 409, body: { rule: 'idempotency_key_names_one_request' } }
  expect(await post('/sprints', { ...body, name: 'Other' }, key)).toMatchObject(refused)
  expect(await post('/tasks', { project_id: project.id, title: 'T' }, key)).toMatchObject(refused)
  // The same request, said with its defaults and in another order.
  expect((await post('/sprints', { name: 'Keyed', project_id: project.id }, key)).status).toBe(201)
})

test('fifty repeats at once do the work once', async () => {
  const key = newKey()
  const body = { project_id: project.id, name: 'Fifty' }
  const answers = await Promise.all(Array.from({ length: 50 }, () => post('/sprints', body, key)))
  expect(new Set(answers.map((it) => `${it.status} ${it.body.id}`)).size).toBe(1)
  expect(await sprintsNamed('Fifty')).toBe(1)
})

test('a request that failed leaves its key free', async () => {
  const key = newKey()
  const body = { project_id: project.id, name: 'Later', code: 'TAKEN' }
  const holder = await api.sprint(project.id, { code: 'TAKEN' })
  expect((await post('/sprints', body, key)).status).toBe(409)
  await sql`delete from sprints where id = ${holder.id}`
  expect((await post('/sprints', body, key)).status).toBe(201)
})

test("another token's key is another key", async () => {
  const key = newKey()
  const body = { project_id: project.id, name: 'Shared key' }
  const token = (await api.post('/tokens', { name: 'admin', role: 'member' })).body.secret
  const mine = await post('/sprints', body, key)
  const theirs = await post('/sprints', body, key, token)
  expect(theirs.body.id).not.toBe(mine.body.id)
})

test('a key that is none is refused by name', async () => {
  for (const key of ['', ' ', 'x'.repeat(201), 'a b', '\u00e4']) {
    expect(await post('/sprints', { project_id: project.id, name: 'S' }, key)).toMatchObject({
      status: 422,
      body: { rule: 'idempotency_key', errors: [{ field: 'Idempotency-Key' }] },
    })
  }
})

test('the secret of a token is shown once and kept nowhere', async () => {
  const key = newKey()
  const first = await post('/tokens', { name: 'once', role: 'viewer' }, key)
  expect(first).toMatchObject({ status: 201, body: { secret: expect.stringMatching(/^dgz_/) } })
  const again = await post('/tokens', { name: 'once', role: 'viewer' }, key)
  expect(again).toEqual({ status: 201, body: { ...first.body, secret: null } })
  const { secret } = first.body
  const tables = await sql<{ name: string }[]>`
    select quote_ident(table_schema) || '.' || quote_ident(table_name) as name
    from information_schema.tables
    where table_type = 'BASE TABLE' and table_schema not in ('pg_catalog', 'information_schema')`
  expect(tables.length).toBeGreaterThan(10)
  for (const { name } of tables) {
    const found = await sql.unsafe(`select 1 from ${name} t where t::text like '%' || $1 || '%'`, [
      secret,
    ])
    expect(found, name).toHaveLength(0)
  }
  expect((await api.get('/projects', { token: secret })).status).toBe(200)
})
