import { describe, expect, onTestFinished, test } from 'vitest'
import type { Json } from '../../support/api.ts'
import type { Era } from '../../support/mcp-client.ts'
import { checkedApi } from '../support/checked-api.ts'
import { agentOf } from './support/agents.ts'

const api = await checkedApi()
const project = await api.project({ slug: 'quay' })
const sprint = await api.sprint(project.id, { code: 'QUAY-S1', goal: 'A quay to moor at' })
const task = await api.task(project.id, { code: 'MOOR-1', sprint_id: sprint.id, title: 'Bollards' })

describe.each<Era>(['auto', 'legacy'])('a client that begins %s', (era) => {
  test('finds tools, calls them, and what they change is changed', async () => {
    const agent = await agentOf(api, 'agent', era)
    expect(agent.client.getInstructions()).toContain('orchestration_agent_init')
    expect(agent.client.getNegotiatedProtocolVersion()).toBe(
      era === 'auto' ? '2026-07-28' : '2025-11-25',
    )
    const title = `Bollards by ${era}`
    const changed = await agent.call('orchestration_task_update', { task_id: 'MOOR-1', title })
    expect(changed).toMatchObject({ code: 'MOOR-1', title })
    expect((await api.get('/tasks/MOOR-1')).body.title).toBe(title)
    const shown = await agent.call('orchestration_sprint_show', { sprint_id: sprint.id })
    expect(shown).toMatchObject({ code: 'QUAY-S1', goal: 'A quay to moor at' })
    // Nothing that says nothing.
    expect(shown).not.toHaveProperty('report')
  })

  test('reads resources and prompts, and completes codes', async () => {
    const { client } = await agentOf(api, 'viewer', era)
    await api.post('/sprints/QUAY-S1/actions/start')
    const { resources } = await client.listResources()
    expect(resources).toMatchObject([{ uri: 'devgodzilla://sprint/QUAY-S1', name: 'QUAY-S1' }])
    const text = async (uri: string) => {
      const [content] = (await client.readResource({ uri })).contents
      return JSON.parse((content as { text: string }).text)
    }
    expect(await text('devgodzilla://sprint/QUAY-S1')).toMatchObject({
      code: 'QUAY-S1',
      velocity: { total_points: expect.any(Number) },
      tasks: { items: [{ code: 'MOOR-1' }] },
    })
    expect(await text('devgodzilla://task/MOOR-1')).toMatchObject({ id: task.id })
    await expect(text('devgodzilla://task/MOOR-2')).rejects.toThrow('Did you mean MOOR-1?')
    await expect(text('devgodzilla://boat/1')).rejects.toThrow('devgodzilla://task/{code}')
    const documents = [{ path: 'docs/a b.md', text: '# Knots' }]
    await api.put('/projects/quay/documents', { documents })
    const uri = 'devgodzilla://document/quay/docs/a%20b.md'
    expect((await client.readResource({ uri })).contents).toMatchObject([{ text: '# Knots' }])
    const none = { uri: 'devgodzilla://document/quay/docs/none.md' }
    await expect(client.readResource(none)).rejects.toThrow('There is no document')
    const { completion } = await client.complete({
      ref: { type: 'ref/resource', uri: 'devgodzilla://task/{code}' },
      argument: { name: 'code', value: 'moo' },
    })
    expect(completion.values).toEqual(['MOOR-1'])
    expect((await client.listPrompts()).prompts.map((it) => it.name)).toEqual(['start', 'hand_off'])
    const prompt = await client.getPrompt({ name: 'start', arguments: { entity: 'T:MOOR-1' } })
    expect(prompt.messages[0]?.content).toMatchObject({
      text: expect.stringContaining('AGENT INIT T:MOOR-1'),
    })
    await expect(client.getPrompt({ name: 'start' })).rejects.toThrow('needs entity')
  })
})

test('an agent at work asks, and reads what a person has answered', async () => {
  const agent = await agentOf(api, 'agent')
  const begun = await agent.call('orchestration_agent_init', { command: 'AGENT INIT T:MOOR-1' })
  const { session_key } = begun
  const asked = { session_key, kind: 'question', text: 'How many bollards?' }
  const { id } = await agent.call('orchestration_session_note', asked)
  const memory = async () =>
    (await agent.call('orchestration_session_show', { session_key })).memory as Json
  expect((await memory()).open_questions).toMatchObject([{ id }])
  await api.post(`/sessions/${session_key}/questions/${id}/answer`, { text: 'Twelve' })
  const then = await memory()
  expect(then.decisions).toMatchObject([{ question: 'How many bollards?', text: 'Twelve' }])
  expect(then).not.toHaveProperty('open_questions')
})

test('each role is offered what it may do, and is refused the rest', async () => {
  const names = async (role: string) =>
    (await (await agentOf(api, role)).client.listTools()).tools.map((it) => it.name)
  const [viewer, agent] = [await names('viewer'), await names('agent')]
  expect(viewer).toContain('orchestration_task_list')
  expect(viewer).not.toContain('orchestration_task_update')
  expect(agent).toContain('orchestration_task_update')
  const refusal = await (await agentOf(api, 'viewer')).refusal('orchestration_task_update', {
    task_id: 'MOOR-1',
    title: 'Mine',
  })
  expect(refusal).toMatchObject({ code: 'forbidden', rule: 'scope_work' })
})

test('a tool says what it takes and what it does', async () => {
  const { client } = await agentOf(api, 'agent')
  const { tools } = await client.listTools()
  const update = tools.find((it) => it.name === 'orchestration_task_update') as Json
  expect(update.inputSchema.required).toEqual(['task_id'])
  expect(update.inputSchema.properties).toMatchObject({
    // As it stands in every answer, or as people say it.
    task_id: { description: 'id or code', anyOf: [{ type: 'integer' }, { type: 'string' }] },
    session_key: { type: 'string' },
    idempotency_key: { type: 'string' },
  })
  expect(update.annotations).toMatchObject({ readOnlyHint: false, destructiveHint: false })
  const list = tools.find((it) => it.name === 'orchestration_task_list') as Json
  expect(list.annotations).toMatchObject({ readOnlyHint: true })
  expect(list.inputSchema.properties.limit).toMatchObject({ default: 20, maximum: 100 })
  // All of it is read before an agent does anything: no more than ten thousand tokens.
  expect(JSON.stringify(tools).length).toBeLessThan(40_000)
})

test('who works in a session need not say in which project', async () => {
  const agent = await agentOf(api, 'agent')
  const other = await api.project({ slug: 'pier' })
  await api.post('/adrs', { project_id: 'quay', title: 'Use oak' })
  await api.post('/adrs', { project_id: other.id, title: 'Use steel' })
  const { session_key } = await agent.call('orchestration_agent_init', { command: 'T:MOOR-1' })
  const inSession = { session_key }
  const titles = async (given: object) =>
    (await agent.call('orchestration_adr_list', given)).items.map((it: Json) => it.title)
  expect(await titles(inSession)).toEqual(['Use oak'])
  expect(await titles({ ...inSession, project_id: 'pier' })).toEqual(['Use steel'])
  expect(await agent.call('orchestration_status_report', inSession)).toMatchObject({
    markdown: expect.stringContaining('Use oak'),
  })
  expect(await agent.refusal('orchestration_adr_list', {})).toMatchObject({
    errors: [{ field: 'project_id', message: expect.stringContaining('say which project: ') }],
  })
  const planner = await agentOf(api, 'member')
  await planner.call('orchestration_sprint_create', { code: 'QUAY-S2', ...inSession })
  expect((await api.get('/sprints?project_id=quay')).body.items).toContainEqual(
    expect.objectContaining({ code: 'QUAY-S2' }),
  )
  const { tools } = await agent.client.listTools()
  const list = tools.find((it) => it.name === 'orchestration_adr_list') as Json
  expect(list.inputSchema.required).toEqual([])
})

test('refusals name field, rule and way out', async () => {
  const agent = await agentOf(api, 'agent')
  expect(await agent.refusal('orchestration_task_show', { task_id: 'MOOR-7' })).toMatchObject({
    ...{ code: 'not_found', rule: 'exists' },
    detail: expect.stringContaining('Did you mean MOOR-1'),
    errors: [{ field: 'task_id' }],
  })
  const wrong = { task_id: 'MOOR-1', status: 'done', board_status: 'finished', colour: 'red' }
  expect(await agent.refusal('orchestration_task_update', wrong)).toMatchObject({
    ...{ code: 'invalid', rule: 'schema' },
    errors: [
      { field: 'board_status', message: expect.stringContaining('must be one of backlog, todo') },
      { field: 'status', message: 'is not known here; did you mean board_status?' },
      { field: 'colour', message: 'is not known here' },
    ],
  })
  // In the words of a tool, which has arguments and no headers.
  expect(await agent.refusal('orchestration_task_next', { claim: true })).toMatchObject({
    errors: [{ field: 'session_key' }],
  })
  expect(await agent.refusal('orchestration_sprint_create', {})).toMatchObject({
    ...{ code: 'forbidden', rule: 'scope_plan' },
    detail: expect.stringContaining('member or admin'),
  })
  expect(await agent.refusal('orchestration_task_update', {})).toMatchObject({
    errors: [{ field: 'task_id', message: 'is required: the id or the code of a task' }],
  })
  for (const task_id of ['no code', -1, null]) {
    expect(await agent.refusal('orchestration_task_show', { task_id })).toMatchObject({
      errors: [{ field: 'task_id', message: 'must be the id or the code of a task' }],
    })
  }
  const planner = await agentOf(api, 'member')
  expect(await planner.refusal('orchestration_rollback', { task_id: 'MOOR-1' })).toMatchObject({
    errors: [{ field: 'to', message: 'is required' }],
  })
  expect(
    await agent.refusal('orchestration_adr_create', { title: 'One', supersedes: 1 }),
  ).toMatchObject({ errors: [{ field: 'supersedes', message: 'must be a list' }] })
  await expect(agent.client.callTool({ name: 'orchestration_task_updat' })).rejects.toThrow(
    'Did you mean orchestration_task_update',
  )
  await expect(agent.client.callTool({ name: 'task_update' })).rejects.toThrow(
    'Did you mean orchestration_task_update',
  )
  await expect(agent.client.callTool({ name: 'orchestration_no_such' })).rejects.toThrow(
    /orchestration_no_such\.$/,
  )
  expect(await agent.refusal('orchestration_task_list', { a: 1 })).toMatchObject({
    errors: [{ field: 'a', message: 'is not known here' }],
  })
})

test('what nobody foresaw is told to the log alone, whatever was asked', async () => {
  const { client } = await agentOf(api, 'viewer')
  const complete = (value: string) =>
    client.complete({
      ref: { type: 'ref/resource', uri: 'devgodzilla://task/{code}' },
      argument: { name: 'code', value },
    })
  expect((await complete('MOOR\0')).completion.values).toEqual([])
  await api.database.sql`alter table tasks rename column code to away`
  onTestFinished(async () => {
    await api.database.sql`alter table tasks rename column away to code`
  })
  const said = await complete('MOOR').catch(String)
  expect(said).toContain('the log has it under this request id')
  expect(said).not.toMatch(/column|tasks/)
})

test('a repeat with the same key is the same change', async () => {
  const agent = await agentOf(api, 'agent')
  const input = { task_id: 'MOOR-1', labels_add: ['once'], idempotency_key: 'k-1' }
  const first = await agent.call('orchestration_task_update', input)
  expect(await agent.call('orchestration_task_update', input)).toEqual(first)
  const other = { ...input, labels_add: ['twice'] }
  expect(await agent.refusal('orchestration_task_update', other)).toMatchObject({
    rule: 'idempotency_key_names_one_request',
  })
})

test('what was changed is echoed in short, however much it was', async () => {
  const tasks = Array.from({ length: 200 }, (_, n) => ({
    title: `Rope ${n}`,
    description: 'y'.repeat(5000),
  }))
  const agent = await agentOf(api, 'member')
  await api.project({ slug: 'ropes' })
  const input = { project_id: 'ropes', code: 'ROPES-S1', name: 'Ropes', tasks }
  const made = await agent.call('orchestration_sprint_create', input)
  expect(made.tasks).toHaveLength(51)
  expect(made.tasks.at(-1)).toBe('… and 150 more')
  expect(JSON.stringify(made).length).toBeLessThan(51 * 2000)
  const begun = await agent.call('orchestration_agent_init', {
    command: `T:${made.tasks[0].code}`,
  })
  expect(begun.context.task.description).toHaveLength(5000)
})

test('a call that a bridge sends twice under one key is carried out once', async () => {
  const input = { task_id: 'MOOR-1', title: 'Sent' }
  const call = {
    ...{ jsonrpc: '2.0', id: 1, method: 'tools/call' },
    params: { name: 'orchestration_task_update', arguments: input },
  }
  const headers = { Accept: 'application/json, text/event-stream', 'Idempotency-Key': 'k-2' }
  const send = async () => (await api.post('/mcp', call, { headers })).body.result
  const first = await send()
  await api.patch('/tasks/MOOR-1', { title: 'Changed since' })
  expect((await send()).structuredContent).toEqual(first.structuredContent)
  expect((await api.get('/tasks/MOOR-1')).body.title).toBe('Changed since')
})

test('lists are paged and short, whatever their entries hold', async () => {
  const title = `${'é'.repeat(400)} and on`
  const many = Array.from({ length: 45 }, (_, n) => ({ n }))
  for (const { n } of many) {
    const fields = { title: `${n} ${title}`, description: 'x'.repeat(20_000), labels: ['long'] }
    await api.task(project.id, fields)
  }
  const agent = await agentOf(api, 'agent')
  const seen: string[] = []
  let cursor: string | undefined
  do {
    const page = await agent.call('orchestration_task_list', {
      ...{ project_id: 'quay', ...(cursor ? { cursor } : {}) },
    })
    expect(page.items.length).toBeLessThanOrEqual(20)
    expect(JSON.stringify(page).length).toBeLessThan(20 * 700)
    seen.push(...page.items.map((it: Json) => it.code))
    cursor = page.next_cursor
  } while (cursor)
  expect(new Set(seen).size).toBe(46)
  const found = await agent.call('orchestration_task_list', { q: '44', limit: 1 })
  expect(found.items[0].title).toMatch(/… \(cut: 4\d\d characters in all/)
  const whole = await agent.call('orchestration_task_show', { task_id: found.items[0].code })
  expect(whole.description).toHaveLength(20_000)
})

test('the door is that of the API: a token, a page of ours, a body that is not too large', async () => {
  const list = { jsonrpc: '2.0', id: 1, method: 'tools/list' }
  const headers = { Accept: 'application/json, text/event-stream' }
  const nobody = await api.post('/mcp', list, { token: null, headers })
  expect(nobody.status).toBe(401)
  const cookie = { ...headers, Cookie: `devgodzilla_session=${api.adminToken}` }
  const foreign = { ...cookie, Origin: 'https://elsewhere.example' }
  const refused = await api.post('/mcp', list, { token: null, headers: foreign })
  expect(refused).toMatchObject({ status: 403, body: { rule: 'same_origin' } })
  const own = { ...cookie, Origin: api.url }
  expect((await api.post('/mcp', list, { token: null, headers: own })).status).toBe(200)
  const large = await api.post('/mcp', `"${'x'.repeat(10_500_000)}"`, { headers })
  expect(large).toMatchObject({ status: 413, body: { rule: 'body_size' } })
  const plain = (method: string, body: string | Buffer<ArrayBuffer> | null) => {
    const Authorization = `Bearer ${api.adminToken}`
    const all = { ...headers, Authorization, 'Content-Type': 'application/json' }
    return fetch(`${api.url}/mcp`, { method, body, headers: all })
  }
  const guessed = Buffer.from(
    JSON.stringify({ ...list, params: { _meta: { name: 'caf\xe9' } } }),
    'latin1',
  )
  for (const body of ['', '{"jsonrpc":', `{${'x'.repeat(5_000_000)}`, guessed]) {
    const broken = await plain('POST', body)
    const message = expect.stringContaining('The body is not JSON in UTF-8: ')
    const error = { code: -32700, message }
    expect([broken.status, await broken.json()]).toEqual([400, { jsonrpc: '2.0', error, id: null }])
  }
  expect((await plain('GET', null)).status).toBe(405)
  const kept = (await plain('POST', JSON.stringify(list))).headers
  expect(kept.get('Cache-Control')).toBe('no-store')
  expect(kept.get('X-Content-Type-Options')).toBe('nosniff')
  const answer = await api.post('/api/mcp', list, { headers })
  expect(answer.body).toMatchObject({ id: 1, result: { tools: expect.any(Array) } })
})
