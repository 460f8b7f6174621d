import { expect, test } from 'vitest'
import type { Json } from '../../../support/api.ts'
import { agentsAt, checkedApi } from '../../support/checked-api.ts'

const api = await checkedApi()
const { begin, in: inSession, tokenFor } = agentsAt(api)
const { sql } = api.database
const project = await api.project()
const sprintOf = () => api.sprint(project.id)
const taskIn = (sprint: Json, fields = {}) =>
  api.task(project.id, { sprint_id: sprint.id, ...fields })
const next = (sprint: Json, session: Json, body = {}) =>
  api.post(
    '/tasks/actions/next',
    { sprint_id: sprint.id, claim: true, ...body },
    inSession(session),
  )
const read = async (id: number) => (await api.get(`/tasks/${id}`)).body
const told = async (id: number, type: string) =>
  (await api.get(`/events?entity_type=task&entity_id=${id}&type=${type}`)).body.items
const lapse = (session: Json) =>
  sql`update work_sessions set lease_until = now() - interval '1 s' where key = ${session.key}`

test('of a hundred agents that ask at once, each gets another task or none, and none gets one that waits', async () => {
  const sprint = await sprintOf()
  // 80 tasks are ready; 40 wait for one of these each.
  const [first] = await sql<{ id: number }[]>`
    insert into tasks (project_id, sprint_id, code, title, board_status, position)
    select ${project.id}, ${sprint.id}, 'HUNDRED-' || n, 'Task ' || n, 'todo', n
    from generate_series(1, 120) n returning id::int`
  const start = first?.id ?? 0
  await sql`
    insert into task_dependencies (task_id, depends_on_id, project_id, kind, source)
    select ${start} + 80 + n, ${start} + n, ${project.id}, 'hard', 'hand'
    from generate_series(0, 39) n`
  const session = await begin('agent-1', `S:${sprint.code}`)
  const sessions = await Promise.all(
    Array.from({ length: 100 }, (_, n) =>
      n === 0 ? session : begin('agent-1', `S:${sprint.code}`),
    ),
  )
  const answers = await Promise.all(sessions.map((it) => next(sprint, it)))
  const got = answers.flatMap(({ body }) => (body.task ? [body.task.id] : []))
  expect(new Set(got).size).toBe(got.length)
  expect(got.length).toBe(80)
  expect(got.every((id) => id < start + 80)).toBe(true)
  expect((await next(sprint, session)).body.pool).toEqual({
    todo: 40,
    waiting: 40,
    assigned: 0,
    in_work: 80,
  })
  const [kept] = await sql`
    select count(*)::int as live, count(distinct session_id)::int as sessions from task_claims
    where ended_at is null and task_id between ${start} and ${start} + 119`
  expect(kept).toEqual({ live: 80, sessions: 80 })
})

test('the next task is the most urgent that is ready and nobody’s, with the labels asked for', async () => {
  const sprint = await sprintOf()
  const session = await begin('coder', `S:${sprint.code}`)
  const low = await taskIn(sprint, { priority: 'low', labels: ['api', 'db'] })
  const anna = await taskIn(sprint, { priority: 'critical', assignee: 'anna' })
  const waits = await taskIn(sprint, { priority: 'critical' })
  const high = await taskIn(sprint, { priority: 'high', labels: ['api'] })
  await api.post(`/tasks/${waits.id}/dependencies`, { depends_on_id: low.id })
  const show = await next(sprint, session, { claim: false })
  expect(show.body).toMatchObject({ task: { id: high.id }, claim: null })
  expect((await read(high.id)).board_status).toBe('todo')
  expect((await next(sprint, session, { labels: ['db', 'api'] })).body.task.id).toBe(low.id)
  expect((await next(sprint, session)).body).toMatchObject({
    task: { id: high.id, board_status: 'in_progress', assignee: 'coder' },
    claim: { agent: 'coder', session_key: session.key },
  })
  await api.patch(`/tasks/${low.id}`, { board_status: 'done' }, inSession(session))
  expect((await next(sprint, session)).body.task.id).toBe(waits.id)
  expect((await next(sprint, session)).body).toMatchObject({ task: null, pool: { assigned: 1 } })
  expect((await next(sprint, session, { agent: 'anna', claim: false })).body.task.id).toBe(anna.id)
})

test('without a sprint, the next task is one of the sprint that the session is about', async () => {
  const sprint = await sprintOf()
  const elsewhere = await sprintOf()
  await taskIn(elsewhere, { priority: 'critical' })
  const ready = await taskIn(sprint)
  const annas = await taskIn(sprint, { assignee: 'anna' })
  const ask = async (session: Json) =>
    (await api.post('/tasks/actions/next', {}, inSession(session))).body.task.id
  expect(await ask(await begin('coder', `S:${sprint.code}`))).toBe(ready.id)
  const onTask = await begin('coder', `T:${annas.code}`)
  expect(await ask(onTask)).toBe(ready.id)
  // Nor is it told to claim what it would be refused.
  expect(onTask.next_steps[0]).toMatchObject({
    tool: 'orchestration_task_next',
    why: expect.stringContaining('assigned to anna'),
  })
})

test('a claim needs a session, an open task, its dependencies done, and nobody else on it', async () => {
  const sprint = await sprintOf()
  const one = await begin('coder', `S:${sprint.code}`)
  const two = await begin('tester', `S:${sprint.code}`)
  const task = await taskIn(sprint)
  const waits = await taskIn(sprint)
  const done = await taskIn(sprint, { board_status: 'done' })
  await api.post(`/tasks/${waits.id}/dependencies`, { depends_on_id: task.id })
  const claim = (id: number, session: Json) =>
    api.post(`/tasks/${id}/actions/claim`, {}, session ? inSession(session) : {})
  expect((await claim(task.id, null)).body).toMatchObject({ status: 422, rule: 'needs_a_session' })
  expect((await claim(waits.id, one)).body).toMatchObject({
    rule: 'dependencies_first',
    detail: expect.stringContaining(task.code),
  })
  expect((await claim(done.id, one)).body.rule).toBe('claim_open_task')
  expect((await claim(task.id, one)).status).toBe(200)
  expect((await claim(task.id, one)).status).toBe(200)
  expect(await told(task.id, 'task.claimed')).toHaveLength(1)
  expect((await claim(task.id, two)).body).toMatchObject({
    status: 409,
    rule: 'task_claimed',
    detail: expect.stringContaining('coder'),
  })
  const insert = sql`insert into task_claims (task_id, session_id)
    select ${task.id}, id from work_sessions where key = ${two.key}`
  await expect(insert).rejects.toThrow('one_live_claim_per_task')
})

test('an agent without the claim may not write the task, one by one nor among many; people may', async () => {
  const sprint = await sprintOf()
  const one = await begin('coder', `S:${sprint.code}`)
  const two = await begin('tester', `S:${sprint.code}`)
  const [claimed, free] = [await taskIn(sprint), await taskIn(sprint)]
  await api.post(`/tasks/${claimed.id}/actions/claim`, {}, inSession(one))
  const change = { priority: 'low' }
  const refused = await api.patch(`/tasks/${claimed.id}`, change, inSession(two))
  expect(refused.body).toMatchObject({ status: 409, rule: 'task_claimed' })
  // Neither does the same agent where it does not say that it is in its session.
  const unsaid = { token: await tokenFor('coder') }
  expect((await api.patch(`/tasks/${claimed.id}`, change, unsaid)).body.rule).toBe('task_claimed')
  const many = await api.post(
    '/tasks/actions/update',
    { task_ids: [claimed.id, free.id], changes: change },
    inSession(two),
  )
  expect(many.body).toMatchObject({
    updated: [{ id: free.id }],
    refused: [{ task_id: claimed.id, rule: 'task_claimed' }],
  })
  expect((await api.patch(`/tasks/${claimed.id}`, change)).status).toBe(200)
  expect(await told(claimed.id, 'task.released')).toEqual([])
})

test('what an agent is not heard of any more returns to the pool, at the next ask', async () => {
  const sprint = await sprintOf()
  const dead = await begin('coder', `S:${sprint.code}`)
  const alive = await begin('tester', `S:${sprint.code}`)
  const task = await taskIn(sprint)
  await next(sprint, dead)
  expect((await next(sprint, alive)).body.task).toBeNull()
  await lapse(dead)
  expect((await next(sprint, alive)).body).toMatchObject({
    task: { id: task.id, assignee: 'tester' },
    claim: { session_key: alive.key },
  })
  expect(await told(task.id, 'task.claim_expired')).toMatchObject([
    { payload: { agent: 'coder', session_key: dead.key } },
  ])
  const { memory, claims } = (await api.get(`/sessions/${dead.key}`)).body
  expect(memory.notes[0].text).toContain(task.code)
  expect(claims).toEqual([])
})

test('any change in its session, or a heartbeat, keeps a claim', async () => {
  const sprint = await sprintOf()
  const session = await begin('coder', `S:${sprint.code}`)
  const task = await taskIn(sprint)
  await next(sprint, session)
  await lapse(session)
  await api.post(`/sessions/${session.key}/heartbeat`, {}, inSession(session))
  await api.post('/tasks/actions/next', { sprint_id: sprint.id })
  expect((await read(task.id)).assignee).toBe('coder')
})

test('a claim ends when somebody moves the card by hand, when it is done, and when it is given back', async () => {
  const sprint = await sprintOf()
  const session = await begin('coder', `S:${sprint.code}`)
  const claimsNow = async () => (await api.get(`/sessions/${session.key}`)).body.claims
  const why = async (id: number) => (await told(id, 'task.released')).at(-1).payload.why
  const task = await taskIn(sprint)
  const claim = () => api.post(`/tasks/${task.id}/actions/claim`, {}, inSession(session))

  await claim()
  await api.patch(`/tasks/${task.id}`, { board_status: 'review' }, inSession(session))
  expect(await claimsNow()).toHaveLength(1)
  await api.patch(`/tasks/${task.id}`, { board_status: 'testing' })
  expect([await claimsNow(), await why(task.id)]).toEqual([[], 'moved'])

  await claim()
  await api.patch(`/tasks/${task.id}`, { board_status: 'in_progress' }, inSession(session))
  const given = await api.post(
    `/tasks/${task.id}/actions/release`,
    { reason: 'needs a designer' },
    inSession(session),
  )
  expect(given.body).toMatchObject({ board_status: 'todo', assignee: null })
  expect(await why(task.id)).toBe('released')
  const { memory } = (await api.get(`/sessions/${session.key}`)).body
  expect(memory.notes[0].text).toBe('needs a designer')

  await claim()
  await api.patch(`/tasks/${task.id}`, { board_status: 'done' }, inSession(session))
  expect([await claimsNow(), await why(task.id)]).toEqual([[], 'finished'])
  const again = await api.post(`/tasks/${task.id}/actions/release`, {}, inSession(session))
  expect(again.body.rule).toBe('not_claimed')
})

test('a claimed card of a step drives its step, both ways; a card of a run that a flow executes is not offered', async () => {
  const { run, sprint, card } = await api.linkedRun(project.id, [
    { step_name: 'build' },
    { step_name: 'check', depends_on: ['build'] },
  ])
  const session = await begin('coder', `S:${sprint.code}`)
  const statusOf = async (name: string) =>
    (await api.get(`/protocols/${run.id}/steps`)).body.items.find(
      (it: Json) => it.step_name === name,
    ).status
  await sql`update protocol_runs set execution = 'waiting' where id = ${run.id}`
  expect((await next(sprint, session)).body.task).toBeNull()
  await sql`update protocol_runs set execution = null where id = ${run.id}`

  expect((await next(sprint, session)).body.task.id).toBe((await card('build')).id)
  expect(await statusOf('build')).toBe('running')
  await lapse(session)
  const other = await begin('tester', `S:${sprint.code}`)
  const { id } = (await next(sprint, other)).body.task
  expect(id).toBe((await card('build')).id)
  expect((await api.get(`/sessions/${session.key}`)).body.claims).toEqual([])
  expect(await read(id)).toMatchObject({ assignee: 'tester', board_status: 'in_progress' })
  await api.patch(`/tasks/${id}`, { board_status: 'done' }, inSession(other))
  expect(await statusOf('build')).toBe('completed')
  await api.settled()
  expect((await read((await card('check')).id)).board_status).toBe('todo')
  expect((await api.get(`/conflicts?project_id=${project.id}`)).body.items).toEqual([])
})
