import fc from 'fast-check'
import { beforeAll, expect, test } from 'vitest'
import { testDatabase } from '../../support/database.ts'

const { sql } = await testDatabase()

let project = 0
const nodes = 12
let first = 0

beforeAll(async () => {
  project = await newProject('graph')
  first = await newTasks(project, nodes)
})

async function newProject(slug: string): Promise<number> {
  const [row] = await sql`insert into projects (slug, name) values (${slug}, 'P') returning id`
  return Number(row?.id)
}

/** Backlog tasks with consecutive ids; answers the first. */
async function newTasks(projectId: number, count: number): Promise<number> {
  const [row] = await sql`
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
  // One connection: its plans are cached by the small inserts before.
  await sql.begin(async (tx) => {
    const project = (
      await tx`
      insert into projects (slug, name) values ('chain', 'P') returning id`
    )[0]?.id as string
    await tx`insert into tasks (project_id, code, title)
      select ${project}, 'CHAIN-' || n, 'T' from generate_series(1, ${length}) n`
    const ids = await tx`select min(id) as low from tasks where project_id = ${project}`
    const low = Number(ids[0]?.low)
    const edge = (db: typeof tx, from: number, to: number) => db`
      insert into task_dependencies (task_id, depends_on_id, project_id, kind, source)
      values (${low + from}, ${low + to}, ${project}, 'hard', 'spec')`
    await edge(tx, 1, 0)
    const began = performance.now()
    await tx`insert into task_dependencies (task_id, depends_on_id, project_id, kind, source)
      select ${low}::bigint + n, ${low}::bigint + n - 1, ${project}, 'hard', 'spec'
      from generate_series(2, ${length - 1}) n`
    const inserted = performance.now() - began
    await expect(
      tx.savepoint((inner) => edge(inner as typeof tx, 0, length - 1)),
    ).rejects.toMatchObject({
      constraint_name: 'no_dependency_cycle',
    })
    const refused = performance.now() - began - inserted
    // Linear takes about a second here; quadratic takes minutes.
    expect(inserted).toBeLessThan(10_000)
    expect(refused).toBeLessThan(10_000)
  })
})
