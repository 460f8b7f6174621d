import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Json } from '../../../support/api.ts'
import { checkedApi } from '../../support/checked-api.ts'

const api = await checkedApi()
const { sql } = api.database
const { secret } = (await api.post('/tokens', { name: 'desk', role: 'member', service: true })).body
const boardStatus = ['backlog', 'todo', 'in_progress', 'review', 'testing', 'blocked', 'done']

const text = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 20 })
  .map((it) => `x${it.trim()}`)
const texts = fc.uniqueArray(text, { maxLength: 3 })
const taskEdit = fc.record(
  {
    title: text,
    description: fc.array(text, { maxLength: 4 }).map((it) => it.join('\n')),
    priority: fc.constantFrom('critical', 'high', 'medium', 'low'),
    type: fc.constantFrom('story', 'bug', 'task', 'spike', 'epic'),
    story_points: fc.option(fc.nat(100)),
    board_status: fc.constantFrom(...boardStatus),
    blocked_reason: fc.option(text),
    labels: texts,
    acceptance_criteria: texts,
    objectives: texts,
    deliverables: texts,
    agent_config: fc.dictionary(
      text,
      fc.oneof(text, fc.double({ noNaN: true, noDefaultInfinity: true })),
    ),
    assignee: fc.option(text),
    due_date: fc.option(fc.constantFrom('2026-01-31', '2026-02-01T10:00:00.123Z')),
    position: fc.integer({ min: -1000, max: 1000 }),
    sprint: fc.constantFrom('one', 'two'),
  },
  { requiredKeys: [] },
)
type Step = ({ task: number } & Json) | ({ goal: string | null } & Json) | { edge: number[] }
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 5, arbitrary: fc.tuple(fc.nat(3), taskEdit).map(([task, edit]) => ({ task, edit })) },
  fc.record({ goal: fc.option(text), name: text }),
  fc.record({ edge: fc.tuple(fc.nat(3), fc.nat(3)), kind: fc.constantFrom('hard', 'suggested') }),
  fc.record({ removed: fc.nat(3) }),
  fc.record({ made: text }),
)

async function board() {
  const project = await api.project()
  const [one, two] = [await api.sprint(project.id), await api.sprint(project.id)]
  const tasks: Json[] = []
  for (let n = 0; n < 4; n++) tasks.push(await api.task(project.id, { sprint_id: one.id }))
  return { project, one, two, tasks }
}
type Board = Awaited<ReturnType<typeof board>>

async function take(it: Json, { project, one, two, tasks }: Board, correlation: string) {
  const by = { token: secret, headers: { 'X-Correlation-Id': correlation } }
  if ('task' in it) {
    const { sprint, ...edit } = it.edit
    const wanted = { ...edit, ...(sprint && { sprint_id: (sprint === 'one' ? one : two).id }) }
    return api.patch(`/tasks/${tasks[it.task].id}`, wanted, by)
  }
  if ('edge' in it) {
    const [from, to] = it.edge.map((place: number) => tasks[place].id)
    return api.post(`/tasks/${from}/dependencies`, { depends_on_id: to, kind: it.kind }, by)
  }
  if ('removed' in it) return api.delete(`/tasks/${tasks[it.removed].id}`, by)
  if ('made' in it) {
    const made = { project_id: project.id, title: it.made, sprint_id: two.id }
    return api.post('/tasks', made, by)
  }
  return api.patch(`/sprints/${one.id}`, { goal: it.goal, name: it.name }, by)
}

/** The content of all that is on the boards of a project, as a revision would keep it. */
const contents = (project: Json) => sql`
  select 'sprint' as type, id::int, content from sprint_contents where project_id = ${project.id}
  union all select 'task', id::int, content from task_contents where project_id = ${project.id}
  order by type, id`

test('after any edits, a rollback to any revision gives its content again', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { minLength: 3, maxLength: 12 }),
      fc.nat(),
      async (steps, pick) => {
        const made = await board()
        for (const [n, it] of steps.entries()) await take(it, made, `edit-${made.project.id}-${n}`)
        const entities = [
          ...made.tasks.map((task) => `/tasks/${task.id}`),
          `/sprints/${made.one.id}`,
        ]
        const path = entities[pick % entities.length]
        const { items } = (await api.get(`${path}/history`)).body
        const { number } = items[pick % items.length]
        const { content } = (await api.get(`${path}/revisions/${number}`)).body
        const { status, body } = await api.post(`${path}/actions/rollback`, { to: number })
        expect({ status, content: body.content }).toEqual({ status: 200, content })
      },
    ),
    { numRuns: 15 },
  )
  expect((await api.get('/revisions/verification')).body.faults).toEqual([])
})

test('after any work, undoing its correlation id gives the boards as they were before', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { maxLength: 5 }),
      fc.array(step, { minLength: 1, maxLength: 8 }),
      async (before, work) => {
        const made = await board()
        for (const it of before) await take(it, made, `before-${made.project.id}`)
        const was = await contents(made.project)
        const correlation = `work-${made.project.id}`
        const answers = []
        for (const it of work) answers.push(await take(it, made, correlation))
        const undone = await api.post('/undo', { correlation_id: correlation })
        if (undone.status === 404) {
          expect(await contents(made.project)).toEqual(was)
          return
        }
        expect(undone.status, JSON.stringify(undone.body)).toBe(200)
        const now = await contents(made.project)
        expect(now.slice(0, was.length)).toEqual(was)
        for (const { content } of now.slice(was.length)) {
          expect(JSON.parse(content)).toMatchObject({ board_status: 'archived' })
        }
      },
    ),
    { numRuns: 15 },
  )
  expect((await api.get('/revisions/verification')).body.faults).toEqual([])
})
