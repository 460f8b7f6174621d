import { pino } from 'pino'
import { afterAll, expect, test } from 'vitest'
import { getProject } from '../../api/commands/projects.ts'
import { startApi } from '../../api/main.ts'
import { testDatabase } from '../support/database.ts'

const { url: databaseUrl, sql } = await testDatabase()
const api = await startApi({
  databaseUrl,
  host: '127.0.0.1',
  port: 0,
  adminToken: 'test-admin-token',
  windmill: () => ({ baseUrl: 'http://127.0.0.1:9', token: 'unused', workspace: 'devgodzilla' }),
  sprintIntegration: true,
  holdHandlers: true,
  consoleDir: null,
  log: pino({ level: 'silent' }),
})
afterAll(() => api.close())

const ready = async () => (await fetch(`${api.url}/ready`)).status

test('it is ready once its handlers are started', async () => {
  expect(await ready()).toBe(503)
  await api.startHandlers()
  expect(await ready()).toBe(200)
})

test('carries out a verb in process, and refuses as the verb does', async () => {
  const [row] = await sql`insert into projects (slug, name) values ('one', 'One') returning id`
  const project_id = Number(row?.id)
  expect(await api.run(getProject, { project_id })).toMatchObject({ id: project_id, slug: 'one' })
  await expect(api.run(getProject, { project_id: 999_999 })).rejects.toMatchObject({
    code: 'not_found',
  })
})
