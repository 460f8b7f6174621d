import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { connect, type Db, type Tx } from '../../../api/store/database.ts'
import { addDependencies, type NewDependency } from '../../../api/store/dependencies.ts'
import { limitStatements } from '../../../api/store/transaction.ts'
import { testDatabase } from '../../support/database.ts'

const { url } = await testDatabase()
const sql = connect(url, { max: 4 })
afterAll(() => sql.end({ timeout: 1 }))

let project = 0
const nodes = 12
let first = 0

beforeAll(async () => {
  project = await newProject('graph')
  first = await newTasks(project, nodes)
})

async function newProject(slug: string, db: Db = sql): Promise<number> {
  const [row] = await db`insert into projects (slug, name) values (${slug}, 'P') returning id`
  return Number(row?.id)
}

/** Backlog tasks with consecutive ids; answers the first. */
async function newTasks(projectId: number, count: number, db: Db = sql): Promise<number> {
  const [row] = await db`
    with made as (
      insert into tasks (project_id, code, title)
      select ${projectId}, ${`C${projectId}-`} || n, 'T' from generate_series(1, ${count}) n
      returning id)
    select min(id) as first from made`
  return Number(row?.first)
}

type Edge = { from: number; to: number; hard: boolean }

const add = (edges: readonly Edge[]) => sql`
  insert into task_dependencies (task_id, depends_on_id, project_id, kind, source)
  select ${first} + (e->>'from')::int, ${first} + (e->>'to')::int, ${project},
    case when (e->>'hard')::boolean then 'hard' else 'suggested' end, 'hand'
  from jsonb_array_elements(${sql.json(edges as never)}) e`

/** The reference: depth first, by the book. */
function hasCycle(edges: readonly Edge[]): boolean {
  const next = new Map<number, number[]>()
  for (const edge of edges.filter((it) => it.hard)) {
    next.set(edge.from, [...(next.get(edge.from) ?? []), edge.to])
  }
  const state = new Map<number, 'open' | 'closed'>()
  const visit = (node: number): boolean => {
    if (state.get(node) === 'open') return true
    if (state.get(node) === 'closed') return false
    state.set(node, 'open')
    const found = (next.get(node) ?? []).some(visit)
    state.set(node, 'closed')
    return found
  }
  return [...next.keys()].some(visit)
}

const place = fc.nat(nodes - 1)
const batches = fc.array(
  fc.array(fc.record({ from: place, to: place, hard: fc.boolean() }), {
    minLength: 1,
    maxLength: 8,
  }),
  { minLength: 1, maxLength: 5 },
)

test('batches of edges are taken exactly as long as the hard ones have no circle', async () => {
  await fc.assert(
    fc.asyncProperty(batches, async (asked) => {
      await sql`delete from task_dependencies`
      const kept = new Map<string, Edge>()
      for (const batch of asked) {
        const fresh = new Map(
          batch
            .filter((edge) => edge.from !== edge.to && !kept.has(`${edge.from}>${edge.to}`))
            .map((edge) => [`${edge.from}>${edge.to}`, edge]),
        )
        const allowed = !hasCycle([...kept.values(), ...fresh.values()])
        const taken = await add([...fresh.values()]).then(
          () => true,
          (error: { constraint_name?: string }) => {
            expect(error.constraint_name).toBe('no_dependency_cycle')
            return false
          },
        )
        expect(taken).toBe(allowed)
        if (taken) for (const [key, edge] of fresh) kept.set(key, edge)
      }
    }),
    { numRuns: 150 },
  )
})

test('a suggestion may close a circle, and may not become hard then', async () => {
  await sql`delete from task_dependencies`
  await add([
    { from: 0, to: 1, hard: true },
    { from: 1, to: 2, hard: true },
    { from: 2, to: 0, hard: false },
  ])
  await expect(sql`update task_dependencies set kind = 'hard'`).rejects.toMatchObject({
    constraint_name: 'no_dependency_cycle',
  })
  await expect(
    sql`insert into task_dependencies (task_id, depends_on_id, project_id, kind, source)
        values (${first + 2}, ${first}, ${project}, 'hard', 'hand')
        on conflict (task_id, depends_on_id) do update set kind = excluded.kind`,
  ).rejects.toMatchObject({ constraint_name: 'no_dependency_cycle' })
})

test('two transactions that would close a circle together do not both commit', async () => {
  for (let round = 0; round < 10; round++) {
    await sql`delete from task_dependencies`
    const both = await Promise.allSettled([
      sql.begin(async (tx) => {
        await tx`insert into task_dependencies (task_id, depends_on_id, project_id, kind, source)
          values (${first}, ${first + 1}, ${project}, 'hard', 'hand')`
        await tx`select pg_sleep(0.02)`
      }),
      sql.begin(async (tx) => {
        await tx`insert into task_dependencies (task_id, depends_on_id, project_id, kind, source)
          values (${first + 1}, ${first}, ${project}, 'hard', 'hand')`
        await tx`select pg_sleep(0.02)`
      }),
    ])
    expect(both.map((it) => it.status).sort()).toEqual(['fulfilled', 'rejected'])
  }
})

test('a chain of 50,000 costs what its length costs, even with plans made for a small graph', async () => {
  const length = 50_000
  await sql`analyze`
  // One connection: its plans are cached by the small insert, as what was analysed says.
  await sql.begin(async (tx) => {
    const edges = (project: number, first: number, count: number): NewDependency[] =>
      Array.from({ length: count - 1 }, (_, n) => ({
        ...{ task_id: first + n + 1, depends_on_id: first + n, project_id: project },
        ...{ kind: 'hard', source: 'spec', confidence: 1 },
      }))
    const small = await newProject('small', tx)
    await addDependencies(tx, edges(small, await newTasks(small, 10, tx), 10))
    const long = await newProject('chain', tx)
    const low = await newTasks(long, length, tx)
    const chain = edges(long, low, length)
    // Linear takes some seconds here; quadratic an hour.
    await limitStatements(tx, 30_000)
    await addDependencies(tx, chain)
    const circle = { ...chain[0], task_id: low, depends_on_id: low + length - 1 } as NewDependency
    await expect(
      tx.savepoint((inner) => addDependencies(inner as Tx, [circle])),
    ).rejects.toMatchObject({ constraint_name: 'no_dependency_cycle' })
  })
})
