import { expect, test } from 'vitest'
import { allCommands } from '../../../../api/commands/all.ts'
import type { Json } from '../../../support/api.ts'
import { checkedApi } from '../../support/checked-api.ts'

const api = await checkedApi()
const { sql } = api.database
const project = await api.project()
const sprint = await api.sprint(project.id)
const task = await api.task(project.id, { sprint_id: sprint.id, story_points: 2 })
await api.patch(`/tasks/${task.id}`, { board_status: 'in_progress' })
await api.patch(`/tasks/${task.id}`, { board_status: 'done', title: 'Renamed' })
const { step } = await api.linkedRun(project.id, [{ step_name: 'a' }])
await api.act(step('a'), 'start')
await api.act(step('a'), 'fail', { reason: 'broken' })
await api.settled()

const read = async (query: string): Promise<Json[]> => {
  const answer = await api.get(`/events?${query}`)
  expect(answer.status, JSON.stringify(answer.body)).toBe(200)
  return answer.body.items
}
const everything = await read('limit=1000')
const refusal = async (query: string) => {
  const { status, body } = await api.get(`/events?${query}`)
  return { status, field: body.errors?.[0]?.field, detail: body.detail }
}

test('each filter takes the events it names, in stream order', async () => {
  const expected: [string, (event: Json) => boolean][] = [
    ['type=task.created', (it) => it.type === 'task.created'],
    ['type=task.*', (it) => it.type.startsWith('task.')],
    [
      'type=step.failed,sprint.*',
      (it) => it.type === 'step.failed' || it.type.startsWith('sprint.'),
    ],
    [
      `entity_type=task&entity_id=${task.id}`,
      (it) => it.entity_type === 'task' && it.entity_id === task.id,
    ],
    [`id=${everything[0]?.id}`, (it) => it.id === everything[0]?.id],
    [`project_id=${project.id}`, (it) => it.project_id === project.id],
    [`sprint_id=${sprint.id}`, (it) => it.sprint_id === sprint.id],
    [`protocol_run_id=${step('a').protocol_run_id}`, (it) => it.protocol_run_id !== null],
    ['actor=system', (it) => it.actor === 'system'],
    ['level=warning', (it) => it.level === 'warning' || it.level === 'error'],
    ['level=warning&type=sprint.*', () => false],
    [
      `correlation_id=${everything[0]?.correlation_id}`,
      (it) => it.correlation_id === everything[0]?.correlation_id,
    ],
  ]
  for (const [query, matches] of expected) {
    const wanted = everything.filter(matches)
    expect(
      (await read(query)).map((it) => it.id),
      query,
    ).toEqual(wanted.map((it) => it.id))
    if (!query.startsWith('level=warning&')) expect(wanted, query).not.toHaveLength(0)
  }
  expect(everything.find((it) => it.type === 'step.failed')?.level).toBe('warning')
})

test('since and until take what was emitted between them, the end left out', async () => {
  await sql`
    insert into events (type, entity_type, entity_id, correlation_id, actor, payload, emitted_at)
    select 'task.created', 'task', n, 'timed', 'a', '{}', timestamptz '2019-12-31Z' + n * interval '1 day'
    from generate_series(1, 5) n`
  const ids = async (query: string) =>
    (await read(`correlation_id=timed&${query}`)).map((it) => it.entity_id)
  expect(await ids('since=2020-01-03')).toEqual([3, 4, 5])
  expect(await ids('until=2020-01-03')).toEqual([1, 2])
  expect(await ids('since=2020-01-02&until=2020-01-03T00:00:00Z')).toEqual([2])
  expect(await refusal('since=2020-01-02&until=2020-01-01')).toMatchObject({
    status: 422,
    field: 'until',
  })
})

test('newest first is the same story backwards, and a cursor leads on in both directions', async () => {
  const query = `project_id=${project.id}`
  const forwards = (await read(`${query}&limit=1000`)).map((it) => it.cursor)
  const walk = async (order: string, start?: string) => {
    const seen: string[] = []
    let cursor = start ?? null
    do {
      const from: string = cursor === null ? '' : `&cursor=${cursor}`
      const { body } = await api.get(`/events?${query}&order=${order}&limit=3${from}`)
      seen.push(...body.items.map((it: Json) => it.cursor))
      cursor = body.next_cursor
    } while (cursor !== null)
    return seen
  }
  expect(await walk('asc')).toEqual(forwards)
  expect(await walk('desc')).toEqual(forwards.toReversed())
  const middle = forwards[5] ?? ''
  expect(await walk('asc', middle)).toEqual(forwards.slice(6))
  expect(await walk('desc', middle)).toEqual(forwards.slice(0, 5).toReversed())
})

test('what is not known is named: a parameter, a type, an order, a repeated parameter', async () => {
  expect(await refusal('sprnt_id=1')).toMatchObject({ status: 422, field: 'sprnt_id' })
  expect(await refusal('type=task.exploded')).toMatchObject({
    status: 422,
    field: 'type',
    detail: expect.stringContaining('task.exploded'),
  })
  expect(await refusal('order=sideways')).toMatchObject({ status: 422, field: 'order' })
  expect(await refusal('level=loud')).toMatchObject({ status: 422, field: 'level' })
  expect(await refusal('sprint_id=1&sprint_id=2')).toMatchObject({
    status: 422,
    field: 'sprint_id',
  })
})

test('no verb takes a parameter it does not know', async () => {
  for (const command of allCommands) {
    const path = command.path.replaceAll(/:\w+/g, '999999')
    const answer = await api.request(command.method.toUpperCase(), `${path}?surprise=1`)
    expect(answer.status, command.name).toBe(422)
    const fields = answer.body.errors.map((it: Json) => it.field)
    expect(fields, command.name).toContain('surprise')
  }
})

test('a test that asks for events waits until those of all it has done are shown', async () => {
  // As a handler that is at work.
  const atWork = await sql.reserve()
  await atWork`begin`
  await atWork`select begin_recording(), pg_current_xact_id()`
  await api.patch(`/tasks/${task.id}`, { title: 'Renamed again' })
  const told = read(`entity_type=task&entity_id=${task.id}&type=task.updated&order=desc&limit=1`)
  for (let others = 0; others < 20; others++) await api.get(`/tasks/${task.id}`)
  await atWork`commit`
  atWork.release()
  expect(await told).toMatchObject([{ payload: { changes: { title: { to: 'Renamed again' } } } }])
})
