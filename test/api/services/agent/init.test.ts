import fc from 'fast-check'
import { expect, test } from 'vitest'
import { tokensOf } from '../../../../api/core/token-count.ts'
import type { Json } from '../../../support/api.ts'
import { agentsAt, checkedApi } from '../../support/checked-api.ts'

const api = await checkedApi()
const { begin, in: inSession, tokenFor } = agentsAt(api)
const project = await api.project()
const spec = (await api.post('/specs', { project_id: project.id, path: 'specs/001' })).body
const sprint = await api.sprint(project.id, { spec_id: spec.id, goal: 'Ship it' })
const taskIn = (fields = {}) => api.task(project.id, { sprint_id: sprint.id, ...fields })
const put = (documents: Json[]) => api.put(`/projects/${project.id}/documents`, { documents })
const init = (body: Json, options = {}) => api.post('/agent/init', body, options)
const eventsOf = async (correlation: string) =>
  (await api.get(`/events?correlation_id=${correlation}`)).body.items

await put([
  { path: 'specs/001/tasks.md', text: 'the tasks' },
  { path: 'specs/001/spec.md', text: 'the spec' },
  { path: 'docs/api.md', text: 'the api' },
])
const before = await taskIn()
const task = await taskIn({
  objectives: ['fast'],
  deliverables: ['a page'],
  acceptance_criteria: ['it loads'],
  agent_config: { context: { reference_docs: ['./docs/api.md', 'docs/gone.md'] } },
})
const later = await taskIn()
await api.post(`/tasks/${task.id}/dependencies`, { depends_on_id: before.id })
await api.post(`/tasks/${later.id}/dependencies`, { depends_on_id: task.id })

test('one call answers all that an agent needs for a task', async () => {
  await api.post('/agent/profiles', {
    code: 'coder',
    name: 'The coder',
    capabilities: { allowed_tools: ['git'] },
    safety_rails: { fs_scope: ['src/**'], timeouts: { test: 600 } },
  })
  const token = await tokenFor('coder')
  const { status, body } = await init(
    { command: `agent init t:${task.code}`, agent: 'coder' },
    { token },
  )
  expect(status).toBe(201)
  expect(body.entity).toEqual({ type: 'task', id: task.id, code: task.code })
  const { context } = body
  expect(context.agent).toMatchObject({
    name: 'The coder',
    capabilities: { allowed_tools: ['git'] },
    safety_rails: { fs_scope: ['src/**'], timeouts: { test: 600 } },
    is_default: false,
  })
  expect(context.task).toMatchObject({
    objectives: ['fast'],
    deliverables: ['a page'],
    acceptance_criteria: ['it loads'],
    depends_on: [{ code: before.code, board_status: 'todo', kind: 'hard' }],
    needed_by: [{ code: later.code }],
    claim: null,
  })
  expect(context.sprint).toMatchObject({
    goal: 'Ship it',
    progress: { tasks: 3, by_status: { todo: 3 }, completion_rate: 0 },
    related_total: 3,
  })
  expect(context.sprint.related.map((it: Json) => it.code)).toEqual([before.code, later.code])
  expect(context.documents.map((it: Json) => [it.path, it.state, it.text])).toEqual([
    ['docs/api.md', 'whole', 'the api'],
    ['specs/001/spec.md', 'whole', 'the spec'],
    ['specs/001/tasks.md', 'whole', 'the tasks'],
    ['docs/gone.md', 'missing', null],
  ])
  expect(context.events.map((it: Json) => it.type)).toContain('task.created')
  expect(body.next_steps[0]).toMatchObject({
    tool: 'orchestration_task_claim',
    arguments: { session_key: body.session_key, task_id: before.id },
  })
  const events = await eventsOf(body.correlation_id)
  expect(events.map((it: Json) => it.type)).toEqual([
    'session.started',
    'context.assembled',
    'agent.initialized',
  ])
  expect(events[1].payload).toMatchObject({ cached: false, tokens: context.document_tokens })
})

test('an agent that nobody has described gets the default profile, and is told that it is one', async () => {
  const { context } = await begin('unknown', `S:${sprint.code}`)
  expect(context.agent).toMatchObject({ code: 'unknown', is_default: true })
  expect(context.agent.safety_rails.fs_scope).toEqual(['./**'])
})

test('a profile is kept while its agent works, and one that is not active begins nothing', async () => {
  await api.post('/agent/profiles', { code: 'planner', name: 'Planner' })
  const session = await begin('planner', `S:${sprint.code}`)
  expect((await api.delete('/agent/profiles/planner')).body.rule).toBe('profile_in_use')
  await api.patch('/agent/profiles/planner', { active: false })
  expect((await init({ command: `S:${sprint.code}`, agent: 'planner' })).body.rule).toBe(
    'agent_is_inactive',
  )
  await api.post(`/sessions/${session.key}/end`, {}, inSession(session))
  expect((await api.delete('/agent/profiles/planner')).status).toBe(200)
  expect((await api.get('/agent/profiles/codre')).body.detail).toContain('Did you mean coder?')
  expect((await api.post('/agent/profiles', { code: 'coder', name: 'x' })).status).toBe(409)
})

test('what a command names wrongly is told, with the nearest that there is', async () => {
  const refused = async (body: Json) => (await init(body)).body
  expect((await refused({ command: `T:${task.code.slice(0, -1)}x` })).detail).toContain(
    'Did you mean',
  )
  expect(
    (await refused({ entity_type: 'sprint', entity_code: `${sprint.code}x` })).detail,
  ).toContain(sprint.code)
  expect((await refused({ command: `S:${task.code}` })).detail).toBe(
    `${task.code} is a task, not a sprint.`,
  )
  const other = await api.sprint(project.id)
  for (const [body, rule] of [
    [{}, 'one_target'],
    [{ entity_type: 'task' }, 'one_target'],
    [{ command: `S:${sprint.code}`, resume_session: `ws-${'0'.repeat(32)}` }, 'one_target'],
    [{ command: 'begin' }, 'agent_command'],
    [{ command: 'SESSION:1' }, 'agent_command'],
    [{ command: `S:${sprint.code} | S:${other.code}` }, 'agent_command'],
    [{ command: `S:${other.code} | T:${task.code}` }, 'task_of_the_sprint'],
    [{ command: `SESSION:ws-${'0'.repeat(32)}` }, 'session_exists'],
  ] as const) {
    expect((await refused(body)).rule, JSON.stringify(body)).toBe(rule)
  }
  const both = await init({ command: `AGENT INIT S:${sprint.code} | T:${task.code}` })
  expect(both.body.entity.type).toBe('task')
})

test('a repeat with the same idempotency key makes one session', async () => {
  const headers = { 'Idempotency-Key': 'once' }
  const body = { command: `S:${sprint.code}` }
  const [one, two] = [await init(body, { headers }), await init(body, { headers })]
  expect(two.body).toEqual(one.body)
})

test('a second look is cached; a change of any kind is seen at once', async () => {
  const body = { command: `T:${task.code}`, agent: 'coder', budget_tokens: 4000 }
  const look = async () => {
    const { correlation_id, context } = (await init(body)).body
    const told = (await eventsOf(correlation_id)).find(
      (it: Json) => it.type === 'context.assembled',
    )
    return { cached: told.payload.cached, context }
  }
  const changes: [string, () => Promise<unknown>, (context: Json) => unknown, unknown][] = [
    [
      'task',
      () => api.patch(`/tasks/${task.id}`, { title: 'Other' }),
      (it) => it.task.title,
      'Other',
    ],
    [
      'another task',
      () => api.patch(`/tasks/${before.id}`, { board_status: 'review' }),
      (it) => it.task.depends_on[0].board_status,
      'review',
    ],
    [
      'dependency',
      () => api.delete(`/tasks/${later.id}/dependencies/${task.id}`),
      (it) => it.task.needed_by,
      [],
    ],
    [
      'document',
      () => put([{ path: 'docs/api.md', text: 'another api' }]),
      (it) => it.documents[0].text,
      'another api',
    ],
    [
      'sprint',
      () => api.patch(`/sprints/${sprint.id}`, { goal: 'Ship it well' }),
      (it) => it.sprint.goal,
      'Ship it well',
    ],
    [
      'event',
      () => api.patch(`/tasks/${task.id}`, { labels: ['x'] }),
      (it) => it.events[0].told,
      'changed labels',
    ],
  ]
  await look()
  for (const [what, change, seen, wanted] of changes) {
    await api.settled()
    await look()
    expect((await look()).cached, what).toBe(true)
    await change()
    const after = await look()
    expect([after.cached, seen(after.context)], what).toEqual([false, wanted])
  }
  // The profile and the memory are read each time.
  await api.patch('/agent/profiles/coder', { name: 'Another coder' })
  expect((await look()).context.agent.name).toBe('Another coder')
  const session = await begin('coder', `T:${task.code}`)
  await api.post(`/sessions/${session.key}/notes`, { text: 'seen' }, inSession(session))
  const { context } = await begin('coder', `SESSION:${session.key}`)
  expect(context.memory.notes).toMatchObject([{ text: 'seen' }])
  const path = `/sessions/${session.key}/context`
  expect((await api.get(path)).body.memory).toEqual(context.memory)
})

test('a change that commits after a later one is not missed', async () => {
  const body = { command: `T:${before.code}` }
  const seen = async () => (await init(body)).body.context.task.title
  let commit = () => {}
  const held = new Promise<void>((resolve) => {
    commit = resolve
  })
  let written = () => {}
  const isWritten = new Promise<void>((resolve) => {
    written = resolve
  })
  const slow = api.database.sql.begin(async (tx) => {
    await tx`update tasks set title = 'Late' where id = ${before.id}`
    await tx`
      insert into events (type, entity_type, entity_id, project_id, correlation_id, actor, payload)
      values ('task.updated', 'task', ${before.id}, ${project.id}, 'late', 'test', '{"changes": {}}')`
    written()
    await held
  })
  await isWritten
  await api.patch(`/tasks/${later.id}`, { title: 'Early' })
  expect(await seen()).toBe(before.title)
  commit()
  await slow
  expect(await seen()).toBe('Late')
})

test('documents never take more than the budget, in any language, and are cut between characters', async () => {
  const text = fc.string({
    unit: fc.oneof(
      fc.constantFrom('a', 'é', '世', '😀', '\n'),
      fc.string({ unit: 'binary-ascii' }),
    ),
    maxLength: 200,
  })
  const sprints = await Promise.all([0, 1, 2, 3].map(() => api.sprint(project.id)))
  let turn = 0
  await fc.assert(
    fc.asyncProperty(
      fc.array(text, { minLength: 1, maxLength: 4 }),
      fc.integer({ min: 0, max: 300 }),
      async (given, budget_tokens) => {
        const texts = given.map((it) => it.replaceAll('\u0000', ''))
        const documents = texts.map((it, n) => ({ path: `any/${n}.md`, text: it }))
        await put(documents)
        const sprint_id = sprints[turn++ % sprints.length].id
        const { code } = await api.task(project.id, {
          sprint_id,
          agent_config: { context: { reference_docs: documents.map(({ path }) => path) } },
        })
        const { context } = (await init({ command: `T:${code}`, budget_tokens })).body
        const shown: Json[] = context.documents
        const sum = shown.reduce((all, it) => all + tokensOf(it.text ?? ''), 0)
        expect(sum).toBe(context.document_tokens)
        expect(sum).toBeLessThanOrEqual(budget_tokens)
        shown.forEach((it, n) => {
          const whole = texts[n] ?? ''
          expect(it.tokens).toBe(tokensOf(whole))
          expect(whole.startsWith(it.text ?? '')).toBe(true)
          expect(it.state === 'whole').toBe(it.text === whole)
          expect((it.text ?? '').isWellFormed()).toBe(true)
        })
      },
    ),
    { numRuns: 25, seed: 7 },
  )
})

test('the rest of a document is read where the answer says', async () => {
  const text = '😀'.repeat(50)
  await put([{ path: 'docs/long.md', text }])
  const { code } = await taskIn({ agent_config: { context: { reference_docs: ['docs/long.md'] } } })
  const { context } = (await init({ command: `T:${code}`, budget_tokens: 10 })).body
  const [document] = context.documents
  expect(document).toMatchObject({ state: 'cut', tokens: tokensOf(text) })
  const rest = (await api.get(document.how_to_read.replace('GET ', ''))).body
  expect(document.text + rest.text).toBe(text)
  const part = (await api.get(`/documents/${document.id}?offset=1&length=2`)).body
  expect(part).toMatchObject({ text: '😀', offset: 2, next_offset: 4 })
})

test('a path that leaves the repository is refused, and a repeat changes nothing', async () => {
  for (const path of ['../x.md', '/etc/passwd', 'a//b', 'a\\b', '.git/config', 'a/./b', '']) {
    expect((await put([{ path, text: 'x' }])).status, path).toBe(422)
  }
  const first = (await put([{ path: 'once.md', text: 'x' }])).body
  const second = (await put([{ path: 'once.md', text: 'x' }])).body
  expect([first.stored, second]).toEqual([['once.md'], { stored: [], removed: [], unchanged: 1 }])
  expect((await put([{ path: 'once.md', text: null }])).body.removed).toEqual(['once.md'])
})
