import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { simpleGit } from 'simple-git'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Json } from '../support/api.ts'
import {
  buildProduct,
  dataFolder,
  expectPromisesKept,
  type Product,
  startProduct,
} from '../support/product.ts'
import { overCli, overHttp, overMcp, type Surface } from '../support/surfaces.ts'

/**
 * What the orchestration API set out to reach, each measure of it by HTTP, by MCP and in a terminal,
 * with the whole product on one side and a repository on the other.
 */
let product: Product
let removeData: () => Promise<void>
let repository: string
const surfaces: Record<string, Surface & { close?(): Promise<void> }> = {}

beforeAll(async () => {
  await buildProduct()
  const { dataDir, remove } = await dataFolder()
  removeData = remove
  product = await startProduct({ dataDir })
  repository = join(dataDir, '..', 'harbour')
  await simpleGit().init([repository])
  await writeFile(join(repository, 'BERTHS.md'), 'Every berth has a number.\n')
  await product.api('POST', '/projects', {
    ...{ slug: 'harbour', name: 'Harbour', local_path: repository },
    settings: { delegation: 'two_way' },
  })
  const door = { url: product.url, token: product.token }
  for (const surface of [overHttp(door), await overMcp(door), overCli(door)]) {
    surfaces[surface.name] = surface
  }
}, 120_000)
afterAll(async () => {
  await surfaces.mcp?.close?.()
  await expectPromisesKept(product.sql)
  await product.stop()
  await removeData()
})

const text = (path: string) => readFile(join(repository, path), 'utf8')
const eventsOf = async (query: string): Promise<Json[]> =>
  (await product.api('GET', `/events?limit=1000&${query}`)).body.items

/** An event is shown once no change that began before it is still open; until these are. */
async function told(query: string, types: string[]): Promise<Json[]> {
  let events: Json[] = []
  await expect
    .poll(
      async () => {
        events = await eventsOf(query)
        return events.map((it) => it.type)
      },
      { timeout: 10_000 },
    )
    .toEqual(expect.arrayContaining(types))
  return events
}

/** Until the flow that a change has started is done. */
const eventually = (path: string) =>
  expect.poll(() => text(path).catch(() => ''), { timeout: 30_000 })

async function sync(): Promise<Json> {
  const { status, body } = await product.windmill(
    'POST',
    '/jobs/run_wait_result/f/f/devgodzilla/sync_delegation',
    { project_id: (await product.api('GET', '/projects/harbour')).body.id },
  )
  expect(status, JSON.stringify(body)).toBe(200)
  return body
}

describe.each(['http', 'mcp', 'cli'])('by %s', (name) => {
  const upper = name.toUpperCase()
  const sprint = `HARBOUR-${upper}`
  const task = `BERTH-${upper}`
  const folder = `delegation/sprints/${sprint}`
  const call = (tool: string, fields: Json, session?: string): Promise<Json> =>
    (surfaces[name] as Surface).call(`orchestration_${tool}`, fields, session)

  it('makes a sprint and its tasks from templates, and no folder by hand', async () => {
    const made = await call('sprint_create', {
      ...{ project_id: 'harbour', template: 'default', code: sprint },
      ...{ name: `Berths by ${name}`, goal: 'Ships lie safely' },
      tasks: [
        {
          ...{ code: task, title: 'Number the berths', description: 'From east to west.' },
          objectives: ['a captain finds the berth'],
          deliverables: ['a sign at each berth'],
          acceptance_criteria: ['no number twice'],
        },
        { code: `LIGHT-${upper}`, title: 'Light the pier' },
      ],
    })
    expect(made.sprint.code).toBe(sprint)
    await eventually(`${folder}/SPRINT.md`).toContain('Ships lie safely')
    await eventually(`${folder}/${task}/TASK.md`).toContain('a captain finds the berth')
    await eventually(`${folder}/${task}/AGENT.yml`).toContain('no number twice')
    await eventually(`${folder}/.hash`).toMatch(/[0-9a-f]{64}/)
  })

  it('answers AGENT INIT of a sprint with all of its context', async () => {
    const started = await call('agent_init', { command: `AGENT INIT S:${sprint}`, agent: name })
    expect(started).toMatchObject({
      session_key: expect.any(String),
      entity: { type: 'sprint', code: sprint },
      context: {
        agent: { capabilities: expect.anything(), safety_rails: expect.anything() },
        sprint: { code: sprint, goal: 'Ships lie safely' },
      },
    })
    expect(JSON.stringify(started.context)).toContain(`LIGHT-${upper}`)
    expect(started.next_steps.length).toBeGreaterThan(0)
  })

  it('answers AGENT INIT of a task with its details and its documents', async () => {
    await call('task_update', {
      task_id: task,
      agent_config: { context: { reference_docs: ['BERTHS.md'] } },
    })
    await sync()
    const { context } = await call('agent_init', { command: `AGENT INIT T:${task}`, agent: name })
    expect(context.task).toMatchObject({
      objectives: ['a captain finds the berth'],
      deliverables: ['a sign at each berth'],
      acceptance_criteria: ['no number twice'],
    })
    expect(JSON.stringify(context.documents)).toContain('Every berth has a number.')
  })

  it('gives back profile, task and memory in one call where work is resumed', async () => {
    const first = await call('agent_init', { command: `T:${task}`, agent: `${name}-first` })
    const session = first.session_key
    await call(
      'session_note',
      { kind: 'decision', text: 'Brass signs', session_key: session },
      session,
    )
    await call('session_handoff', { to_agent: `${name}-second`, session_key: session }, session)
    const resumed = await call('agent_init', {
      ...{ command: `AGENT INIT SESSION:${session}`, agent: `${name}-second` },
    })
    expect(resumed.context).toMatchObject({
      agent: expect.anything(),
      task: { code: task },
      memory: { decisions: [expect.objectContaining({ text: 'Brass signs' })] },
    })
  })

  it('tells of every file it writes or reads', async () => {
    const paths = async () =>
      (await eventsOf('type=orchestration.file.synced')).map((it) => it.payload.path)
    await expect
      .poll(paths)
      .toEqual(
        expect.arrayContaining(
          ['SPRINT.md', `${task}/TASK.md`, `${task}/AGENT.yml`].map((it) => `${folder}/${it}`),
        ),
      )
    const agent = await call('agent_init', { command: `S:${sprint}`, agent: name })
    const started = await told(`session_key=${agent.session_key}`, [
      'context.assembled',
      'agent.initialized',
    ])
    expect(new Set(started.map((it) => it.correlation_id)).size).toBe(1)
  })

  it('keeps decisions, bugs and moves of a session as one story', async () => {
    const begun = await call('agent_init', { command: `T:${task}`, agent: `${name}-teller` })
    const session = begun.session_key
    await call('task_status_update', { task_id: task, status: 'in_progress' }, session)
    const adr = await call('adr_create', { title: 'ADR-006: Brass', task_id: task }, session)
    expect(adr).toMatchObject({ title: 'Brass', number: expect.any(Number) })
    const bug = { project_id: 'harbour', title: 'The buoy lies', priority: 'P1' }
    expect(await call('bug_report', bug, session)).toMatchObject({ priority: 'high' })
    const events = await told(`session_key=${session}`, [
      'task.status_changed',
      'adr.created',
      'bug.reported',
    ])
    expect(new Set(events.map((it) => it.correlation_id))).toEqual(new Set([begun.correlation_id]))
    await call('session_end', { session_key: session }, session)
    await eventually(`docs/adr/ADR-${String(adr.number).padStart(3, '0')}-brass.md`).toContain(
      'Brass',
    )
  })

  it('undoes an agent’s work by its hashes, and does it again', async () => {
    const { session_key: session, correlation_id } = await call('agent_init', {
      ...{ command: `T:${task}`, agent: `${name}-worker` },
    })
    await call('task_claim', { task_id: task }, session)
    await call('task_update', { task_id: task, title: 'Paint the berths' }, session)
    await call('task_status_update', { task_id: task, status: 'completed' }, session)
    const title = async () => (await call('task_show', { task_id: task })).title
    expect(await title()).toBe('Paint the berths')
    await call('session_end', { session_key: session }, session)

    await call('undo', { correlation_id })
    expect(await title()).toBe('Number the berths')
    await call('replay', { session_key: session })
    expect(await title()).toBe('Paint the berths')

    const { items } = await call('history', { task_id: task })
    for (const [newer, older] of items
      .slice(0, -1)
      .map((it: Json, at: number) => [it, items[at + 1]])) {
      expect(newer.parent_hash).toBe(older.hash)
    }
    await call('rollback', { task_id: task, to: 1 })
    expect(await title()).toBe('Number the berths')
    expect((await product.api('GET', '/revisions/verification')).body).toMatchObject({
      faults: [],
    })
  })

  it('lets people work on files, and keeps the database’s word', async () => {
    await sync()
    const path = `${folder}/${task}/AGENT.yml`
    const yaml = await text(path)
    await writeFile(
      join(repository, path),
      `# by hand\n${yaml.replace('Number the berths', 'Count the berths')}`,
    )
    await sync()
    expect((await call('task_show', { task_id: task })).title).toBe('Count the berths')
    expect(await text(path)).toContain('# by hand')
    expect(await text(`${folder}/${task}/TASK.md`)).toContain('Count the berths')

    await writeFile(
      join(repository, path),
      (await text(path)).replace('Count the berths', 'Close the berths'),
    )
    await call('task_update', { task_id: task, title: 'Open the berths' })
    await sync()
    expect((await call('task_show', { task_id: task })).title).toBe('Open the berths')
    const { items } = (await product.api('GET', '/conflicts?source=file')).body
    expect(items).toContainEqual(
      expect.objectContaining({
        ...{ task_code: task, field: 'title' },
        ...{ board_value: 'Open the berths', other_value: 'Close the berths' },
      }),
    )
  })
})
