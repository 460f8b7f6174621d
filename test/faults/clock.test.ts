import { pino } from 'pino'
import { afterEach, expect, test, vi } from 'vitest'
import { startApi } from '../../api/main.ts'
import { sleepUntil } from '../../scripts/local-windmill/interruption.ts'
import { checkedApi } from '../api/support/checked-api.ts'
import { expectConsistent } from '../api/support/consistent.ts'
import { eventually } from '../support/api.ts'

const api = await checkedApi()
const { sql } = api.database
const project = await api.project()
const hour = 60 * 60 * 1000
const day = 24 * hour

/** Puts the clock of this process, which the API runs in, forward or back; the database keeps its own. */
const jump = (ms: number) => {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + ms })
}
afterEach(() => {
  vi.useRealTimers()
})
const steps = [{ step_name: 'a' }, { step_name: 'b' }]
const session = async (code: string) => {
  const answer = await api.post('/auth/login', { code }, { token: null })
  expect(answer.status).toBe(200)
}

const jumps = { forward: 400 * day, back: -400 * day }
test.each(Object.entries(jumps))(
  'a clock put %s changes no time that is kept, and ends nothing too soon or too late',
  async (_, ms) => {
    const lasting = await api.post('/tokens', {
      name: 'lasting',
      role: 'viewer',
      expires_at: new Date(Date.now() + hour).toISOString(),
    })
    const { run, sprint, step } = await api.linkedRun(project.id, steps)
    await api.act(step('a'), 'start')
    jump(ms)
    await api.act(step('a'), 'complete')
    await api.delete(`/steps/${step('b').id}`)
    const made = await api.linkedRun(project.id, steps)
    await api.put(`/protocols/${made.run.id}/steps`, { steps: [{ step_name: 'a' }] })
    await api.settled()
    expect((await api.get('/projects', { token: lasting.body.secret })).status).toBe(200)
    const body = { project_id: project.id, name: 'Keyed' }
    const headers = { 'Idempotency-Key': `jump ${ms}`.replace(' ', '') }
    const [first, again] = [
      await api.post('/sprints', body, { headers }),
      await api.post('/sprints', body, { headers }),
    ]
    expect(again).toEqual(first)
    vi.useRealTimers()

    // Every moment in the tables lies within this test's own.
    const [strays] = await sql`
      with kept as (
        select deleted_at as at from step_runs union all select started_at from step_runs
        union all select completed_at from step_runs union all select updated_at from step_runs
        union all select started_at from tasks union all select completed_at from tasks
        union all select updated_at from tasks union all select emitted_at from events
        union all select start_date from sprints union all select started_at from sprints
        union all select started_at from protocol_runs union all select next_try_at from event_deliveries
      ) select count(*)::int as n from kept where at not between now() - interval '1 hour' and now() + interval '1 hour'`
    expect(strays?.n).toBe(0)
    const [backwards] = await sql`
      select count(*)::int as n from step_runs where completed_at < started_at or deleted_at < created_at`
    expect(backwards?.n).toBe(0)
    expect((await api.get(`/protocols/${run.id}`)).body.status).toBe('completed')
    expect((await api.get(`/sprints/${sprint.id}`)).status).toBe(200)
    await expectConsistent(api.database)
  },
)

test.each(Object.entries(jumps))(
  'a clock put %s: a revoked token is refused within a second all the same',
  async (_, ms) => {
    const { body } = await api.post('/tokens', { name: 'short', role: 'viewer' })
    const ask = () => api.get('/projects', { token: body.secret })
    // Remembered, then the clock jumps.
    expect((await ask()).status).toBe(200)
    jump(ms)
    await api.delete(`/tokens/${body.id}`)
    const began = performance.now()
    await eventually(ask, ({ status }) => status === 401)
    expect(performance.now() - began).toBeLessThan(1000)
  },
)

test.each(Object.entries(jumps))(
  'a clock put %s: a session lasts a week by the clock of the database, and a token may end in its future',
  async (_, ms) => {
    const other = await startApi({
      databaseUrl: api.database.url,
      host: '127.0.0.1',
      port: 0,
      adminToken: api.adminToken,
      windmill: () => ({ baseUrl: 'http://127.0.0.1:9', token: 't', workspace: 'devgodzilla' }),
      sprintIntegration: false,
      holdHandlers: true,
      consoleDir: null,
      log: pino({ level: 'silent' }),
    })
    try {
      jump(ms)
      await session(await other.createLoginCode())
      const [kept] = await sql`
        select extract(epoch from expires_at - now())::float8 as seconds from api_tokens
        where name = 'console' order by id desc limit 1`
      expect(kept?.seconds).toBeGreaterThan((7 * day - hour) / 1000)
      expect(kept?.seconds).toBeLessThan((7 * day + hour) / 1000)
      const [{ soon, past } = { soon: '', past: '' }] = await sql`
        select now() + interval '1 hour' as soon, now() - interval '1 hour' as past`
      const token = { name: 'ends', role: 'viewer' }
      const ending = await api.post('/tokens', {
        ...token,
        expires_at: new Date(soon).toISOString(),
      })
      expect(ending.status).toBe(201)
      const ended = await api.post('/tokens', {
        ...token,
        expires_at: new Date(past).toISOString(),
      })
      expect(ended).toMatchObject({ status: 422, body: { errors: [{ field: 'expires_at' }] } })
    } finally {
      await other.close()
    }
  },
)

test('what is completed was started before, though its transaction began earlier', async () => {
  const { step, card } = await api.linkedRun(project.id, [{ step_name: 'a' }])
  await api.act(step('a'), 'start')
  await api.settled()
  const [ahead] = await sql`select now() + interval '1 minute' as at`
  // As where the other transaction has waited for a lock, or the server's clock was put back.
  await sql`update step_runs set started_at = ${ahead?.at} where id = ${step('a').id}`
  await sql`update tasks set started_at = ${ahead?.at} where step_run_id = ${step('a').id}`
  const done = await api.act(step('a'), 'complete')
  expect(done.completed_at >= done.started_at).toBe(true)
  await api.settled()
  const after = await card('a')
  expect(after.board_status).toBe('done')
  expect(after.completed_at >= after.started_at).toBe(true)
})

test('a flow that sleeps while the clock is put back wakes up when it was to', async () => {
  const asleep = sleepUntil(new Date(Date.now() + 100), new AbortController().signal)
  jump(-hour)
  const woken = await Promise.race([
    asleep.then(() => true),
    new Promise((resolve) => setTimeout(resolve, 5000, false)),
  ])
  expect(woken).toBe(true)
})
