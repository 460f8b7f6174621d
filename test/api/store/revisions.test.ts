import fc from 'fast-check'
import { beforeAll, expect, test } from 'vitest'
import type { Revision } from '../../../api/core/entities/revision.ts'
import { revisionHash } from '../../../api/core/revisions/revision-hash.ts'
import { testDatabase } from '../../support/database.ts'

const { sql } = await testDatabase()
let project: number
let sprint: number

beforeAll(async () => {
  const [made] = await sql<{ id: string }[]>`
    insert into projects (slug, name) values ('kept', 'Kept') returning id`
  project = Number(made?.id)
  const [first] = await sql<{ id: string }[]>`
    insert into sprints (project_id, code, name) values (${project}, 'KEPT-S1', 'One') returning id`
  sprint = Number(first?.id)
})

let count = 0
async function newTask(fields: object = {}): Promise<number> {
  const row = { project_id: project, code: `KEPT-${++count}`, title: 'A task', ...fields }
  const [made] = await sql<{ id: string }[]>`insert into tasks ${sql(row)} returning id`
  return Number(made?.id)
}

async function chain(type: 'task' | 'sprint', id: number): Promise<Revision[]> {
  const rows = await sql<Revision[]>`
    select entity_type, entity_id::int, project_id::int, number, hash, parent_hash, content, actor,
      agent, session_key, correlation_id, rfc3339(created_at) as created_at
    from revisions where entity_type = ${type} and entity_id = ${id} order by number`
  return [...rows]
}

const titles = async (id: number) =>
  (await chain('task', id)).map(({ content }) => JSON.parse(content)?.title)

test('each transaction that changes a task adds one revision, linked to the one before', async () => {
  const id = await newTask()
  await sql.begin(async (tx) => {
    await tx`update tasks set title = 'Half' where id = ${id}`
    await tx`update tasks set title = 'Whole', priority = 'high' where id = ${id}`
  })
  await sql`update tasks set sprint_id = ${sprint}, board_status = 'todo' where id = ${id}`

  const revisions = await chain('task', id)
  expect(revisions.map((it) => JSON.parse(it.content))).toMatchObject([
    { title: 'A task', sprint_id: null, board_status: 'backlog' },
    { title: 'Whole', priority: 'high' },
    { title: 'Whole', sprint_id: sprint, board_status: 'todo' },
  ])
  expect(revisions.map((it) => it.number)).toEqual([1, 2, 3])
  expect(revisions.map((it) => it.parent_hash)).toEqual([
    null,
    revisions[0]?.hash,
    revisions[1]?.hash,
  ])
})

test('what leaves the content as it was makes no revision', async () => {
  const id = await newTask()
  await sql`update tasks set updated_at = now(), step_version = 7 where id = ${id}`
  await sql`update sprints set velocity_actual = 12 where id = ${sprint}`
  await sql.begin(async (tx) => {
    await tx`update tasks set title = 'There' where id = ${id}`
    await tx`update tasks set title = 'A task' where id = ${id}`
  })
  await sql
    .begin(async (tx) => {
      await tx`update tasks set title = 'Never' where id = ${id}`
      throw new Error('undone')
    })
    .catch(() => {})
  expect(await titles(id)).toEqual(['A task'])
  expect(await chain('sprint', sprint)).toHaveLength(1)
  expect(await sql`select from unrevised_changes`).toHaveLength(0)
})

test('dependencies are part of a task, and a deleted one ends with null', async () => {
  const [first, second] = [await newTask(), await newTask()]
  const edge = { task_id: second, depends_on_id: first, project_id: project }
  await sql`insert into task_dependencies ${sql({ ...edge, kind: 'hard', confidence: 0.85, source: 'spec' })}`
  await sql`update task_dependencies set kind = 'suggested' where task_id = ${second}`
  await sql`delete from tasks where id = ${first}`
  await sql`delete from tasks where id = ${second}`

  const contents = (await chain('task', second)).map((it) => JSON.parse(it.content))
  const said = { depends_on_id: first, confidence: 0.85, source: 'spec' }
  expect(contents.map((it) => it?.depends_on)).toEqual([
    [],
    [{ ...said, kind: 'hard' }],
    [{ ...said, kind: 'suggested' }],
    [],
    undefined,
  ])
  expect(contents.at(-1)).toBeNull()
})

test('the first statement that touches an entity says on whose account, else the user of the database', async () => {
  const id = await newTask()
  const told = (actor: string) =>
    JSON.stringify({ actor, agent: 'claude', session_key: 's-1', correlation_id: 'c-1' })
  await sql.begin(async (tx) => {
    await tx`select set_config('devgodzilla.origin', ${told('ann')}, true)`
    await tx`update tasks set title = 'Hers' where id = ${id}`
    await tx`select set_config('devgodzilla.origin', ${told('bob')}, true)`
    await tx`update tasks set title = 'Theirs' where id = ${id}`
  })
  const [user] = await sql<{ name: string }[]>`select session_user::text as name`
  expect(await chain('task', id)).toMatchObject([
    { actor: user?.name, agent: null, session_key: null, correlation_id: null },
    { actor: 'ann', agent: 'claude', session_key: 's-1', correlation_id: 'c-1' },
  ])
})

test('revisions are append-only', async () => {
  await newTask()
  for (const statement of [
    `update revisions set actor = 'nobody'`,
    'delete from revisions',
    'truncate revisions',
  ]) {
    await expect(sql.unsafe(statement)).rejects.toMatchObject({ code: '23001' })
  }
})

/** RFC 8785: keys by their UTF-16 code units, which is how JavaScript compares them. */
const canonical = (value: unknown): string => {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
  return `{${members.map(([key, it]) => `${JSON.stringify(key)}:${canonical(it)}`).join(',')}}`
}

/** Text that Postgres can keep: well-formed, without NUL. */
const text = fc.string({ unit: 'binary', maxLength: 12 }).map((it) => it.replaceAll('\0', ''))
const json = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    text,
    fc.integer(),
    fc.double({ noNaN: true, noDefaultInfinity: true }).map((it) => (it === 0 ? 0 : it)),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(text, tie('value'), { maxKeys: 4, noNullPrototype: true }),
  ),
})).value

test('keys are sorted by their UTF-16 code units, and numbers are as JavaScript writes them', async () => {
  const id = await newTask({
    agent_config: sql.json({
      '\uE000': 1e21,
      '\u{1F600}': 1e-7,
      b: 0.1,
      aa: 2,
      '\uFFFD': 123456789012,
    }),
  })
  const [{ content } = { content: '' }] = await chain('task', id)
  expect(content).toContain(
    '"agent_config":{"aa":2,"b":0.1,"\u{1F600}":1e-7,"\uE000":1e+21,"\uFFFD":123456789012}',
  )
})

test('content is canonical JSON, and any reader can compute the hash again', async () => {
  const id = await newTask()
  await fc.assert(
    fc.asyncProperty(
      text,
      fc.array(text, { maxLength: 3 }),
      fc.dictionary(text, json, { maxKeys: 3, noNullPrototype: true }),
      async (words, labels, config) => {
        const agent_config = JSON.stringify(config)
        await sql.begin(async (tx) => {
          await tx`select set_config('devgodzilla.origin', ${JSON.stringify({ actor: words, agent: words })}, true)`
          await tx`update tasks set description = ${words}, labels = ${labels},
            agent_config = ${agent_config}::text::jsonb where id = ${id}`
        })
        const last = (await chain('task', id)).at(-1) as Revision
        expect(JSON.parse(last.content)).toMatchObject({ description: words, labels })
        expect(last.content).toBe(canonical(JSON.parse(last.content)))
        expect(JSON.parse(last.content).agent_config).toEqual(JSON.parse(agent_config))
        expect(last.hash).toBe(revisionHash(last))
      },
    ),
    { numRuns: 200 },
  )
})
