import { pino } from 'pino'
import { afterAll, expect, test } from 'vitest'
import { expireSessions } from '../../../api/services/claim/expire.ts'
import type { Runtime } from '../../../api/services/runtime.ts'
import { connect } from '../../../api/store/database.ts'
import { agentsAt, checkedApi } from '../support/checked-api.ts'

const api = await checkedApi()
const { begin, in: inSession } = agentsAt(api)
const { sql } = api.database
const runtime: Runtime = {
  db: connect(api.database.url),
  log: pino({ level: 'silent' }),
  flows: { start: async () => {}, find: async () => undefined, cancel: async () => {} },
  sprintIntegration: true,
}
afterAll(() => runtime.db.end())

test('nobody has to ask: the task of an agent that died is free again, and its session expires', async () => {
  const project = await api.project()
  const sprint = await api.sprint(project.id)
  const [dead, alive] = [
    await begin('coder', `S:${sprint.code}`),
    await begin('tester', `S:${sprint.code}`),
  ]
  const claim = async (session: typeof dead) => {
    const { id } = await api.task(project.id, { sprint_id: sprint.id })
    await api.post(`/tasks/${id}/actions/claim`, {}, inSession(session))
    return id
  }
  const [lost, kept] = [await claim(dead), await claim(alive)]
  await sql`
    update work_sessions set lease_until = now() - interval '1 s', expires_at = now()
    where key = ${dead.key}`
  await expireSessions(runtime)
  await expireSessions(runtime)
  expect((await api.get(`/tasks/${lost}`)).body).toMatchObject({
    board_status: 'todo',
    assignee: null,
  })
  expect((await api.get(`/tasks/${kept}`)).body.assignee).toBe('tester')
  expect((await api.get(`/sessions/${dead.key}`)).body.state).toBe('expired')
  expect((await api.get(`/sessions/${alive.key}`)).body.state).toBe('active')
  const types = 'task.claim_expired,session.expired'
  const { items } = (await api.get(`/events?type=${types}`)).body
  expect(items.map((it: { type: string }) => it.type)).toEqual(types.split(','))
})
