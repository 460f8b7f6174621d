import { expect, test } from 'vitest'
import type { Json } from '../../../support/api.ts'
import { agentsAt, checkedApi } from '../../support/checked-api.ts'

const api = await checkedApi()
const project = await api.project()
const sprint = await api.sprint(project.id)
const { begin, in: inSession, tokenFor } = agentsAt(api)
const task = (fields = {}) => api.task(project.id, { sprint_id: sprint.id, ...fields })
const pass = (key: string, column: 'lease_until' | 'expires_at') =>
  api.database.sql`update work_sessions set ${api.database.sql(column)} = now() - interval '1 s'
    where key = ${key}`

test('all that is done in a session is told under one correlation, with its agent and its key', async () => {
  const session = await begin('coder', `S:${sprint.code}`)
  const { id } = await task()
  await api.patch(`/tasks/${id}`, { priority: 'high' }, inSession(session))
  await api.post(`/tasks/${id}/actions/claim`, {}, inSession(session))
  const { body } = await api.get(`/events?correlation_id=${session.correlation_id}`)
  const told = body.items.map((it: { type: string }) => it.type)
  expect(told).toEqual(expect.arrayContaining(['session.started', 'task.updated', 'task.claimed']))
  for (const event of body.items) {
    expect(event).toMatchObject({ session_key: session.key, agent: 'coder' })
  }
})

test('another agent’s token is refused in a session; who plans the work is not', async () => {
  const session = await begin('coder', `S:${sprint.code}`)
  const stranger = { token: await tokenFor('stranger') }
  const { id } = await task()
  const change = (who: object) =>
    api.patch(`/tasks/${id}`, { priority: 'low' }, { ...who, headers: inSession(session).headers })
  expect(await change(stranger)).toMatchObject({
    status: 403,
    body: { rule: 'session_owner', detail: expect.stringContaining('coder') },
  })
  const resumed = await api.post('/agent/init', { resume_session: session.key }, stranger)
  expect(resumed).toMatchObject({
    status: 403,
    body: { rule: 'session_owner', detail: expect.stringContaining('have it handed to you') },
  })
  expect((await change({})).status).toBe(200)
})

test('memory is kept by kind; an answered question is no longer open', async () => {
  const session = await begin('coder', `S:${sprint.code}`)
  const note = (body: object) =>
    api.post(`/sessions/${session.key}/notes`, body, inSession(session))
  const { body: question } = await note({ kind: 'question', text: 'Which port?' })
  await note({ kind: 'decision', text: 'UTC everywhere' })
  const open = await api.get(`/sessions/${session.key}`)
  expect(open.body.memory).toMatchObject({
    notes: [],
    decisions: [{ text: 'UTC everywhere', agent: 'coder' }],
    open_questions: [{ text: 'Which port?' }],
    left_out: 0,
  })
  const { body: decision } = await note({ kind: 'note', text: '8787', answers_id: question.id })
  const { memory } = (await api.get(`/sessions/${session.key}`)).body
  expect(memory).toMatchObject({ notes: [{ text: '8787' }], open_questions: [] })
  expect(await note({ text: 'x', answers_id: decision.id })).toMatchObject({
    status: 422,
    body: { rule: 'answers_a_question' },
  })
  expect((await note({ text: '  ' })).status).toBe(422)
})

test('who plans answers a question in their own name, once, and keeps nobody’s claim by it', async () => {
  const session = await begin('asker', `S:${sprint.code}`)
  const { id } = await task()
  await api.post(`/tasks/${id}/actions/claim`, {}, inSession(session))
  const ask = async (text: string) =>
    (
      await api.post(
        `/sessions/${session.key}/notes`,
        { kind: 'question', text },
        inSession(session),
      )
    ).body.id
  const [port, host, again] = [
    await ask('Which port?'),
    await ask('Which host?'),
    await ask('Why?'),
  ]
  const answer = (question: number, text: string, options = {}) =>
    api.post(`/sessions/${session.key}/questions/${question}/answer`, { text }, options)
  const listed = async (query: string) => {
    const { items } = (await api.get(`/sessions?${query}`)).body
    return items.map((it: Json) => [it.key, it.claims, it.open_questions])
  }
  expect(await listed('asking=true')).toEqual([[session.key, 1, 3]])

  await pass(session.key, 'lease_until')
  const silent = (await api.get(`/sessions/${session.key}`)).body
  expect(await answer(port, '8787')).toMatchObject({
    status: 201,
    body: { kind: 'decision', agent: null, actor: 'admin', answers_id: port },
  })
  const told = (await api.get(`/sessions/${session.key}`)).body
  expect(told.lease_until).toBe(silent.lease_until)
  expect(told.memory.decisions).toMatchObject([{ text: '8787', question: 'Which port?' }])
  expect(await answer(port, '80')).toMatchObject({
    status: 409,
    body: { rule: 'question_is_answered', detail: 'admin has answered it already: “8787”' },
  })
  expect((await answer(host, ' ')).body.errors).toMatchObject([{ field: 'text' }])
  expect((await answer(host, 'x', { token: session.token })).status).toBe(403)
  const { body: note } = await api.post(`/sessions/${session.key}/notes`, { text: 'a note' })
  const elsewhere = await begin('other', `S:${sprint.code}`)
  for (const path of [`${session.key}/questions/${note.id}`, `${elsewhere.key}/questions/${host}`])
    expect((await api.post(`/sessions/${path}/answer`, { text: 'x' })).status).toBe(404)

  await pass(session.key, 'expires_at')
  expect((await answer(host, 'localhost')).status).toBe(201)
  const next = await begin('heir', `SESSION:${session.key}`)
  expect(next.context.memory).toMatchObject({
    decisions: [{ text: 'localhost', question: 'Which host?' }, { text: '8787' }],
    open_questions: [{ id: again }],
  })
  // Asked once, it is told of once: where the work goes on.
  expect(await listed('agent=asker')).toEqual([[session.key, 1, 0]])
  expect(await listed('agent=heir')).toEqual([[next.key, 0, 1]])
  const both = await Promise.all(['This.', 'That.'].map((text) => answer(again, text)))
  expect(both.map(({ status }) => status).sort()).toEqual([201, 409])
  expect(await listed('asking=true')).toEqual([])
})

test('a handoff carries memory and claims; the old agent is refused by name, the new one goes on', async () => {
  const old = await begin('coder', `S:${sprint.code}`)
  const { id, code } = await task()
  await api.post(`/tasks/${id}/actions/claim`, {}, inSession(old))
  await api.post(`/sessions/${old.key}/notes`, { text: 'half done' }, inSession(old))
  const handed = await api.post(
    `/sessions/${old.key}/handoff`,
    { to_agent: 'reviewer', message: 'see the tests first' },
    inSession(old),
  )
  expect(handed).toMatchObject({
    status: 201,
    body: { session: { agent: 'reviewer', actor: null }, claims: [{ task_code: code }] },
  })
  const refused = await api.patch(`/tasks/${id}`, { priority: 'low' }, inSession(old))
  expect(refused).toMatchObject({
    status: 409,
    body: { rule: 'session_handed_off', detail: expect.stringContaining('reviewer') },
  })

  const { key } = handed.body.session
  const early = { token: await tokenFor('early'), headers: { 'X-Session-Key': key } }
  expect((await api.patch(`/tasks/${id}`, { priority: 'low' }, early)).body.rule).toBe(
    'session_is_handed_over',
  )
  // By the key that the old agent had, too: it leads to the session that goes on.
  const next = await begin('reviewer', `SESSION:${old.key}`)
  expect(next.key).toBe(key)
  // It is told what it holds, and to go on with that before it takes more.
  expect(next.context.claims).toMatchObject([{ task_code: code, agent: 'reviewer' }])
  expect(next.next_steps.slice(0, 2)).toMatchObject([
    { tool: 'orchestration_task_show', arguments: { task_id: id } },
    { tool: 'orchestration_task_next', why: expect.stringContaining('After that') },
  ])
  expect((await api.patch(`/tasks/${id}`, { priority: 'low' }, inSession(next))).status).toBe(200)
  const { body } = await api.get(`/sessions/${key}`)
  expect(body.memory.notes.map((it: { text: string }) => it.text)).toEqual([
    'see the tests first',
    'half done',
  ])
  expect(body.claims).toMatchObject([{ task_id: id, agent: 'reviewer' }])
  expect(body.thread).toMatchObject([
    { key: old.key, state: 'handed_off', handed_to_id: body.id },
    { key, state: 'active', resumed_from_id: body.thread[0].id },
  ])
  expect((await api.get(`/tasks/${id}`)).body).toMatchObject({
    assignee: 'reviewer',
    board_status: 'in_progress',
  })
})

test('an expired session takes no change and says how to go on; it may be read, and resumed', async () => {
  const session = await begin('coder', `S:${sprint.code}`)
  await pass(session.key, 'expires_at')
  const { id } = await task()
  const change = () => api.patch(`/tasks/${id}`, { priority: 'low' }, inSession(session))
  expect(await change()).toMatchObject({
    status: 409,
    body: {
      rule: 'session_expired',
      detail: expect.stringContaining(`AGENT INIT SESSION:${session.key}`),
    },
  })
  expect((await api.get(`/tasks/${id}`, inSession(session))).body.priority).toBe('medium')
  const again = await begin('coder', `SESSION:${session.key}`)
  expect(again.key).toBe(session.key)
  expect((await change()).status).toBe(200)
})

test('a session that has ended gives its tasks back, and is resumed alike', async () => {
  const session = await begin('coder', `S:${sprint.code}`)
  const { id } = await task()
  await api.post(`/tasks/${id}/actions/claim`, {}, inSession(session))
  await api.post(`/sessions/${session.key}/end`, {}, inSession(session))
  expect((await api.get(`/tasks/${id}`)).body).toMatchObject({
    board_status: 'todo',
    assignee: null,
  })
  const beat = () => api.post(`/sessions/${session.key}/heartbeat`, {}, inSession(session))
  expect((await beat()).body.rule).toBe('session_ended')
  await begin('coder', `SESSION:${session.key}`)
  expect((await beat()).status).toBe(200)
})

test('sessions are listed in order, or the newest first, page by page', async () => {
  for (const agent of ['one', 'two', 'three']) await begin(agent, `S:${sprint.code}`)
  const of = (query: string) => api.get(`/sessions?project_id=${project.id}&${query}`)
  const all = (await of('limit=1000')).body.items
  const newest = (await of('order=desc&limit=2')).body
  const next = (await of(`order=desc&limit=2&cursor=${newest.next_cursor}`)).body
  const ids = [...newest.items, ...next.items].map((it: { id: number }) => it.id)
  expect(ids).toEqual(
    all
      .map((it: { id: number }) => it.id)
      .reverse()
      .slice(0, 4),
  )
})

test('a key that is none, or nobody’s, is told apart', async () => {
  const change = (key: string) =>
    api.post('/projects', { slug: 'x', name: 'X' }, { headers: { 'X-Session-Key': key } })
  expect(await change('mine')).toMatchObject({ status: 422, body: { rule: 'session_key' } })
  expect(await change(`ws-${'0'.repeat(32)}`)).toMatchObject({
    status: 404,
    body: { rule: 'session_exists' },
  })
})
