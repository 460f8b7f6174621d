import { expect, test } from 'vitest'
import { connect } from '../../../../api/store/database.ts'
import { statusUpdatesOf } from '../../../../api/store/status-updates.ts'
import { checkedApi } from '../../support/checked-api.ts'

const api = await checkedApi()
const { sql } = api.database
const project = await api.project()
const sprint = await api.sprint(project.id)
const cardIn = (fields: object = {}) => api.task(project.id, { sprint_id: sprint.id, ...fields })
const say = (task: { id: number }, body: object) =>
  api.post(`/tasks/${task.id}/actions/status`, body)

async function updatesOf(...tasks: { id: number }[]) {
  const db = connect(api.database.url, { max: 1 })
  const updates = await statusUpdatesOf(
    db,
    tasks.map((it) => it.id),
    2,
  )
  await db.end()
  return tasks.map((it) =>
    updates.filter((told) => told.task_id === it.id).map(({ status, note }) => [status, note]),
  )
}

test('a card moves by either name of a column', async () => {
  const task = await cardIn()
  const moves = [
    ['in_progress', 'in_progress'],
    ['completed', 'done'],
    ['pending', 'todo'],
    ['review', 'review'],
    ['done', 'done'],
  ]
  for (const [status, column] of moves) {
    expect((await say(task, { status })).body).toMatchObject({ board_status: column, warnings: [] })
  }
  await api.settled()
  expect((await api.get(`/sprints/${sprint.id}/velocity`)).body.completed_points).toBe(
    task.story_points ?? 0,
  )
})

test('a note stays, also one that moves nothing; the newest are read, of many tasks at once', async () => {
  const [one, other, silent] = [await cardIn(), await cardIn(), await cardIn()]
  await say(one, { status: 'in_progress', note: 'Begun.' })
  await say(one, { status: 'in_progress', note: 'Half of it.' })
  await say(one, { status: 'completed' })
  await say(other, { status: 'pending', note: 'Later.' })
  const unchanged = await sql`select max(id) from events`
  expect((await say(silent, { status: 'pending' })).status).toBe(200)
  expect(await sql`select max(id) from events`).toEqual(unchanged)
  expect(await updatesOf(one, other, silent)).toEqual([
    [
      ['in_progress', 'Half of it.'],
      ['done', null],
    ],
    [['todo', 'Later.']],
    [],
  ])
  const told = (await api.get(`/events?entity_type=task&entity_id=${one.id}`)).body.items
  expect(told.map((it: { type: string }) => it.type)).toEqual([
    ...['task.created', 'task.status_changed', 'task.noted', 'task.noted', 'task.status_changed'],
  ])
})

test('why it is blocked is on the card: the reason, else the note', async () => {
  const task = await cardIn()
  const blocked = await say(task, { status: 'blocked', reason: 'No key.', note: 'Asked for one.' })
  expect(blocked.body.blocked_reason).toBe('No key.')
  await say(task, { status: 'in_progress' })
  expect((await say(task, { status: 'blocked', note: 'Again.' })).body.blocked_reason).toBe(
    'Again.',
  )
})

test('a card on a running step stays where it is, and the note says so', async () => {
  const { card, step } = await api.linkedRun(project.id, [{ step_name: 'a' }])
  await api.act(step('a'), 'start')
  await api.settled()
  const task = await card('a')
  const { body } = await say(task, { status: 'completed', note: 'Is it?' })
  expect(body.board_status).toBe('in_progress')
  expect(body.warnings[0]).toContain('wins')
  expect(await updatesOf(task)).toEqual([[['in_progress', 'Is it?']]])
})

test('in a session all of it is on its record, and its project need not be named', async () => {
  await api.project()
  const task = await cardIn()
  const begun = (await api.post('/agent/init', { command: `T:${task.code}`, agent: 'ada' })).body
  const inSession = { headers: { 'X-Session-Key': begun.session_key } }
  const note = { status: 'in_progress', note: 'Half.' }
  await api.post(`/tasks/${task.id}/actions/status`, note, inSession)
  const bug = (await api.post('/bugs', { title: 'Found on the way' }, inSession)).body
  const adr = (await api.post('/adrs', { title: 'Decided' }, inSession)).body
  expect([bug.project_id, adr.project_id]).toEqual([project.id, project.id])

  const told = (await api.get(`/sessions/${begun.session_key}/activity`)).body
  expect(told.session).toMatchObject({ key: begun.session_key, agent: 'ada', state: 'active' })
  expect(told.memory.notes).toMatchObject([{ text: `${task.code}: Half.`, agent: 'ada' }])
  expect(told.agents).toEqual(['ada'])
  expect(told.tasks.find((it: { task_id: number }) => it.task_id === task.id)).toMatchObject({
    moves: [{ from: 'todo', to: 'in_progress' }],
    notes: [{ note: 'Half.' }],
  })
  const types = told.by_type.map((it: { type: string }) => it.type)
  expect(types).toEqual(
    expect.arrayContaining(['agent.initialized', 'bug.reported', 'adr.created', 'session.noted']),
  )
  // One correlation id goes through all of it.
  const chain = (await api.get(`/correlations/${begun.correlation_id}`)).body
  expect(chain.events).toBeGreaterThanOrEqual(told.events)
})

test('what is wrong is named with its rule, and changes nothing', async () => {
  const task = await cardIn()
  const homeless = await api.task(project.id)
  const before = await sql`select max(id) from events`
  const refused: [{ id: number }, object, number, string, string | undefined][] = [
    [task, {}, 422, 'schema', 'status'],
    [task, { status: 'finished' }, 422, 'schema', 'status'],
    [task, { status: 'done', note: '' }, 422, 'schema', 'note'],
    [task, { status: 'done', reason: 'So.' }, 422, 'reason_of_blocked', 'reason'],
    [homeless, { status: 'completed', note: 'Done.' }, 409, 'no_orphan_task', undefined],
    [{ id: 999_999 }, { status: 'done' }, 404, 'exists', undefined],
  ]
  for (const [of, fields, status, rule, field] of refused) {
    const { status: got, body } = await say(of, fields)
    expect([got, body.rule, body.errors?.[0]?.field], JSON.stringify(fields)).toEqual([
      status,
      rule,
      field,
    ])
  }
  expect(await sql`select max(id) from events`).toEqual(before)
  expect(await updatesOf(task, homeless)).toEqual([[], []])
})
