import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createSubscription } from '../../../../api/commands/webhooks.ts'
import { levelOf } from '../../../../api/core/events/levels.ts'
import type { Json } from '../../../support/api.ts'
import { checkedApi } from '../../support/checked-api.ts'

const api = await checkedApi()
const { sql } = api.database
const project = await api.project({ slug: 'views', name: 'Views' })
const sprint = await api.sprint(project.id, { name: 'First' })
const task = await api.task(project.id, { sprint_id: sprint.id, title: 'Draw\nit' })
const service = await api.post('/tokens', { name: 'flows', role: 'member', service: true })
const asking = { token: service.body.secret, headers: { 'X-Correlation-Id': 'chain-1' } }
const move = (status: string, note?: string) =>
  api.post(`/tasks/${task.id}/actions/status`, { status, note }, asking)
await move('in_progress', 'Begun.')
await move('completed')
await api.settled()

/** Events as a session would leave them. */
const told = (rows: object[]) => sql`
  insert into events (type, entity_type, entity_id, project_id, sprint_id, correlation_id,
    session_key, agent, actor, payload, emitted_at)
  select type, entity_type, entity_id, project_id, sprint_id, correlation_id, session_key, agent,
    coalesce(actor, 'ada'), coalesce(payload, '{}'), emitted_at
  from jsonb_to_recordset(${sql.json(rows as never)}) as e(type text, entity_type text,
    entity_id bigint, project_id bigint, sprint_id bigint, correlation_id text, session_key text,
    agent text, actor text, payload jsonb, emitted_at timestamptz)`
const at = (minute: number) => new Date(Date.UTC(2026, 2, 1, 12, minute)).toISOString()
const worked = (type: string, minute: number, fields: object = {}) => ({
  ...{ type, entity_type: 'task', entity_id: task.id, project_id: project.id },
  ...{ sprint_id: sprint.id, correlation_id: 'work', session_key: 'ses-1', agent: 'ada' },
  ...{ emitted_at: at(minute), ...fields },
})
const moved = (from: string, to: string) => ({
  payload: { from, to, reason: null, story_points: 3, source: 'hand' },
})
const stepOf = (tokens: number | null, attempt: number) => ({
  ...{ entity_type: 'step_run', entity_id: 5, payload: { tokens, attempt } },
})
await told([
  worked('task.status_changed', 0, moved('todo', 'in_progress')),
  worked('task.noted', 1, { payload: { note: 'Half.', board_status: 'in_progress' } }),
  worked('task.status_changed', 2, moved('in_progress', 'blocked')),
  // The same attempt tells its tokens twice.
  worked('step.qa_submitted', 3, stepOf(100, 1)),
  worked('step.completed', 4, stepOf(120, 1)),
  worked('step.completed', 5, stepOf(30, 2)),
  worked('task.status_changed', 6, { ...moved('blocked', 'done'), session_key: null, agent: null }),
])

const types = (answer: { body: Json }) => answer.body.items.map((it: Json) => it.type)
const read = (query: string) => api.get(`/events?${query}`)

test('agents may ask for orchestration.*, which is what is stored', async () => {
  const same: [string, string][] = [
    ['orchestration.sprint.created', 'sprint.created'],
    ['orchestration.task.started', 'task.status_changed'],
    ['orchestration.task.status_updated', 'task.status_changed'],
    ['orchestration.task.*,orchestration.sprint.created', 'task.*,sprint.created'],
    ['orchestration.*', '*'],
  ]
  for (const [theirs, ours] of same) {
    const answer = await read(`type=${theirs}`)
    expect(answer.status).toBe(200)
    expect(answer.body.items, theirs).not.toHaveLength(0)
    expect(answer.body.items, theirs).toEqual((await read(`type=${ours}`)).body.items)
  }
  // Nobody is subscribed in earnest: messages would be sent.
  const asked = ['orchestration.task.started', 'task.*', 'orchestration.task.*']
  expect(createSubscription.body.shape.event_types.parse(asked)).toEqual([
    'task.status_changed',
    'task.*',
  ])
})

test('a name that is none is told with the nearest', async () => {
  const refused = async (type: string) => {
    const { status, body } = await read(`type=${type}`)
    expect([status, body.errors[0].field]).toEqual([422, 'type'])
    return body.detail
  }
  expect(await refused('orchestration.sprint.creatd')).toContain(
    'did you mean orchestration.sprint.created',
  )
  expect(await refused('tsk.*')).toContain('did you mean task.*')
  expect(await refused('orchestration.task.statedupdated')).toContain(
    'orchestration.task.status_updated',
  )
  expect(await refused('x'.repeat(900))).not.toContain('did you mean')
  const hook = await api.post('/webhook-subscriptions', {
    project_id: project.id,
    url: 'https://example.com/hook',
    event_types: ['orchestration.sprint.creatd'],
  })
  expect(hook.body).toMatchObject({ status: 422, errors: [{ field: 'event_types.0' }] })
  expect(hook.body.detail).toContain('did you mean sprint.created')
})

test('events are found by session and by agent', async () => {
  expect((await read('session_key=ses-1')).body.items).toHaveLength(6)
  expect((await read('agent=ada&type=step.*')).body.items).toHaveLength(3)
  expect((await read('agent=nobody')).body.items).toEqual([])
})

test('the timeline tells in sentences what one cause led to', async () => {
  const of = `/events/timeline?entity_type=task&entity_id=${task.id}`
  const { items } = (await api.get(`${of}&correlation_id=chain-1`)).body
  expect(items).toHaveLength(1)
  const name = `“${task.code} Draw it”`
  const inSprint = ` in “${sprint.code} First”`
  expect(items[0].events.map((it: Json) => it.text)).toEqual([
    `${name}${inSprint} went from in progress to done`,
    `${name}, in progress: Begun.`,
    `${name}${inSprint} went from todo to in progress`,
  ])
  expect(items[0].began_at <= items[0].ended_at).toBe(true)

  // Page by page it is all the same events, each once, in the same order.
  const whole = (await api.get(`${of}&limit=1000`)).body
  const flat = (groups: Json[]) => groups.flatMap((it) => it.events.map((event: Json) => event.id))
  const paged: number[] = []
  let cursor = ''
  for (let n = 0; n < 20 && cursor !== null; n++) {
    const { body } = await api.get(`${of}&limit=2${cursor === '' ? '' : `&cursor=${cursor}`}`)
    expect(flat(body.items).length).toBeLessThanOrEqual(2)
    paged.push(...flat(body.items))
    cursor = body.next_cursor
  }
  expect(paged.sort()).toEqual(flat(whole.items).sort())
  expect(whole.items.map((it: Json) => it.correlation_id).slice(0, 2)).toEqual(['work', 'chain-1'])
  const forward = (await api.get(`${of}&order=asc&limit=1`)).body.items
  expect(forward[0].events[0].type).toBe('task.created')
})

test('a session and a chain of causes tell what they did', async () => {
  const session = (await api.get('/sessions/ses-1/activity')).body
  expect(session).toMatchObject({
    session_key: 'ses-1',
    began_at: at(0),
    ended_at: at(5),
    seconds: 300,
    events: 6,
    actors: ['ada'],
    agents: ['ada'],
    tokens: 150,
    tasks_touched: 1,
    tasks: [
      {
        task_id: task.id,
        code: task.code,
        board_status: 'done',
        events: 3,
        moves: [
          { at: at(0), from: 'todo', to: 'in_progress' },
          { at: at(2), from: 'in_progress', to: 'blocked' },
        ],
        notes: [{ at: at(1), note: 'Half.' }],
      },
    ],
  })
  const chain = (await api.get('/correlations/work')).body
  expect([chain.events, chain.seconds, chain.tasks[0].moves.length]).toEqual([7, 360, 3])
  expect((await api.get('/correlations/chain-1')).body).toMatchObject({ tokens: null, agents: [] })
  for (const path of ['/sessions/none/activity', '/correlations/none']) {
    expect((await api.get(path)).status).toBe(404)
  }
})

test('counts are those of counting one by one', async () => {
  const zoned = await api.project({ settings: { time_zone: 'America/New_York' } })
  const day = 86_400_000
  const first = Date.UTC(2025, 4, 1)
  const event = fc.record({
    type: fc.constantFrom('task.created', 'task.noted', 'sprint.created', 'delivery.parked'),
    agent: fc.constantFrom(null, 'ada', 'ben'),
    session_key: fc.constantFrom(null, 's1'),
    // Quarters of a day.
    at: fc.integer({ min: 0, max: 10 * 4 }),
  })
  const span = fc.tuple(fc.integer({ min: 0, max: 11 }), fc.integer({ min: 1, max: 11 }))
  const byDate = new Intl.DateTimeFormat('en-CA', { timeZone: 'America/New_York' })
  await fc.assert(
    fc.asyncProperty(
      fc.array(event, { maxLength: 30 }),
      span,
      fc.constantFrom('', '&agent=ada', '&session_key=s1', '&type=orchestration.task.*'),
      async (events, [from, days], only) => {
        const correlation_id = crypto.randomUUID()
        const edges = [from, from + days].map((it) => ({
          ...{ type: 'task.created', agent: 'ada', session_key: 's1', at: it * 4 },
        }))
        const rows = [...events, ...edges].map(({ at, ...it }) => ({
          ...it,
          ...{ entity_type: 'task', entity_id: 1, project_id: zoned.id, correlation_id },
          emitted_at: new Date(first + (at * day) / 4).toISOString(),
        }))
        await told(rows)
        const since = new Date(first + from * day).toISOString()
        const until = new Date(first + (from + days) * day).toISOString()
        const { status, body } = await api.get(
          `/events/stats?project_id=${zoned.id}&correlation_id=${correlation_id}&since=${since}&until=${until}${only}`,
        )
        expect(status).toBe(200)
        const counted = rows.filter(
          (it) =>
            it.emitted_at >= since &&
            it.emitted_at < until &&
            (only !== '&agent=ada' || it.agent === 'ada') &&
            (only !== '&session_key=s1' || it.session_key === 's1') &&
            (!only.startsWith('&type') || it.type.startsWith('task.')),
        )
        const naive = (of: (row: (typeof rows)[number]) => string | null) => {
          const counts = new Map<string | null, number>()
          for (const row of counted) counts.set(of(row), (counts.get(of(row)) ?? 0) + 1)
          return counts
        }
        expect(body.total).toBe(counted.length)
        expect(new Map(body.by_type.map((it: Json) => [it.type, it.count]))).toEqual(
          naive((it) => it.type),
        )
        expect(new Map(body.by_agent.map((it: Json) => [it.agent, it.count]))).toEqual(
          naive((it) => it.agent),
        )
        expect(new Map(body.by_day.map((it: Json) => [it.date, it.count]))).toEqual(
          naive((it) => byDate.format(new Date(it.emitted_at))),
        )
        for (const { type, level } of body.by_type) expect(level).toBe(levelOf(type))
      },
    ),
    { numRuns: 25 },
  )
})

test('what cannot be asked is refused by field', async () => {
  const refused: [string, string][] = [
    ['/events/stats?since=2026-01-01&until=2026-06-01', 'since'],
    ['/events/stats?since=2026-02-01&until=2026-01-01', 'until'],
    ['/events/stats?entity_id=1', 'entity_type'],
    ['/events/stats?group=day', 'group'],
    ['/events/timeline?entity_id=1', 'entity_type'],
    ['/events/timeline?cursor=x', 'cursor'],
    ['/events/timeline?since=2026-02-01&until=2026-01-01', 'until'],
    ['/events/timeline?type=none', 'type'],
  ]
  for (const [path, field] of refused) {
    expect(await api.get(path), path).toMatchObject({
      status: 422,
      body: { errors: [{ field }] },
    })
  }
  expect((await api.get('/events/stats?project_id=999999')).status).toBe(404)
  expect(types(await read('session_key=none'))).toEqual([])
})
