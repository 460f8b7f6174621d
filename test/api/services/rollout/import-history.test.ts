import { expect, test } from 'vitest'
import { firstVersion } from '../../../fixtures/first-version.ts'
import type { Json } from '../../../support/api.ts'
import { checkedApi } from '../../support/checked-api.ts'
import { expectConsistent } from '../../support/consistent.ts'

const api = await checkedApi()
const { sql } = api.database
const project = await api.project()
const plan = (body: object, id = project.id) =>
  api.post(`/projects/${id}/actions/plan-sprint-links`, body)
const link = (body: object, id = project.id) =>
  api.post(`/projects/${id}/actions/link-sprints`, body)

/** Every row of every table, as one value each. */
const fingerprints = async () => {
  const tables = await sql`
    select relname from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace
      and relname not in ('idempotency_keys', 'api_tokens') order by 1`
  return Promise.all(
    tables.map(async ({ relname }) => {
      const [row] = await sql`
        select count(*), md5(coalesce(string_agg(t::text, '|' order by t::text), '')) as hash
        from ${sql(relname)} t`
      return `${relname} ${row?.count} ${row?.hash}`
    }),
  )
}
const idHere = async (table: string, source: number) => {
  const [row] = await sql`select entity_id from imported_rows
    where project_id = ${project.id} and table_name = ${table} and source_id = ${source}`
  return Number(row?.entity_id)
}
const taskFrom = async (source: number) =>
  (await api.get(`/tasks/${await idHere('tasks', source)}`)).body
const stepFrom = async (source: number) =>
  (await api.get(`/steps/${await idHere('step_runs', source)}`)).body
const sprintFrom = async (source: number) =>
  (await api.get(`/sprints/${await idHere('sprints', source)}`)).body

test('a plan of a dump says what, why and how sure, and changes nothing', async () => {
  await api.settled()
  const before = await fingerprints()
  const { status, body } = await plan({ dump: firstVersion })
  expect(status).toBe(200)
  expect(await fingerprints()).toEqual(before)
  expect(body.links).toMatchObject([
    {
      sprint: { id: 13 },
      protocol_run: { id: 7 },
      because: [
        '4 of its 5 tasks name run 7',
        'it is called "Checkout Sprint"',
        '4 of 5 steps have the title of a task',
        'the run was made within the sprint’s dates',
      ],
    },
  ])
  expect(body.links[0].confidence).toBeGreaterThan(0.9)
  expect(body.links[0].tasks.map((it: Json) => [it.task.id, it.step.id, it.because[0]])).toEqual([
    [701, 71, 'they have the same title'],
    [702, 72, 'they have the same title'],
    [703, 73, 'they have the same title'],
    [704, 74, 'they have the same title'],
  ])
  const whys = new Map(body.alone.map((it: Json) => [`${it.table} ${it.id}`, it.why]))
  expect(whys.get('sprints 11')).toBe('An empty duplicate of sprint 13.')
  expect(whys.get('sprints 12')).toBe('An empty duplicate of sprint 13.')
  expect(whys.get('protocol_runs 8')).toContain('No sprint names it')
  expect(whys.get('step_runs 75')).toContain('No card has its title')
  expect(whys.get('tasks 705')).toContain('stays a card of its own')
  expect(body.import).toMatchObject({ sprints: 3, tasks: 158, protocol_runs: 2, step_runs: 5 })
  expect(body.import.unread).toEqual(['tasks.updated_at'])
  const notes = body.import.notes.map((it: Json) => `${it.table} ${it.id}: ${it.note}`).join('\n')
  for (const words of [
    'sprints 14: Its velocity was 100; counted over all 150 tasks it is 150.',
    'protocol_runs 7: It was completed; by its steps it is failed.',
    'tasks 702: On the board it was done, its step is failed: the step wins',
    'tasks 704: Step 74 was pending; with its card done it is completed.',
    'tasks 705: Its 2024 points are no estimate',
    'tasks 706: It belongs to no sprint and no run: backlog instead of in_progress.',
    'tasks 707: It belongs to no sprint and no run: archived instead of done.',
    'tasks 708: Its sprint 99 is not taken',
    'step_runs 75: It waits for "999"',
    'goes in a circle: a suggestion now.',
  ]) {
    expect(notes).toContain(words)
  }
})

test('only the plan that was reviewed is carried out', async () => {
  const { fingerprint } = (await plan({ dump: firstVersion })).body
  const changed = {
    ...firstVersion,
    tasks: firstVersion.tasks.map((it) => (it.id === 701 ? { ...it, title: 'Another' } : it)),
  }
  const before = await fingerprints()
  expect(await link({ dump: changed, fingerprint })).toMatchObject({
    status: 409,
    body: { rule: 'plan_is_current' },
  })
  expect(await fingerprints()).toEqual(before)
  expect((await link({ dump: firstVersion, fingerprint })).status).toBe(200)
  await api.settled()
})

test('history is here with the times it had, linked, and settled between step and card', async () => {
  const sprint = await sprintFrom(13)
  expect(sprint).toMatchObject({
    ...{ name: 'Checkout Sprint', status: 'active' },
    started_at: '2025-03-03T00:00:00.000Z',
    end_date: '2025-03-17T00:00:00.000Z',
    created_at: '2025-03-03T09:00:00.000Z',
  })
  const run = (await api.get(`/protocols/${await idHere('protocol_runs', 7)}`)).body
  expect(run).toMatchObject({ status: 'failed', linked_sprint_id: sprint.id })
  expect(await taskFrom(701)).toMatchObject({
    ...{ board_status: 'done', step_run_id: await idHere('step_runs', 71) },
    completed_at: '2025-03-05T12:00:00.000Z',
  })
  expect(await taskFrom(702)).toMatchObject({ board_status: 'blocked', completed_at: null })
  expect(await taskFrom(703)).toMatchObject({ board_status: 'blocked' })
  expect(await taskFrom(704)).toMatchObject({ board_status: 'done', completed_at: null })
  expect(await stepFrom(74)).toMatchObject({ status: 'completed' })
  expect(await stepFrom(73)).toMatchObject({ depends_on: [await idHere('step_runs', 72)] })
  expect(await taskFrom(705)).toMatchObject({ story_points: null, labels: ['a', 'b c'] })
  expect(await taskFrom(706)).toMatchObject({ sprint_id: null, board_status: 'backlog' })
  const conflicts = (await api.get(`/conflicts?task_id=${await idHere('tasks', 702)}`)).body.items
  expect(conflicts).toMatchObject([{ board_value: 'done', other_value: 'failed' }])
})

test('imported history is no velocity of today', async () => {
  const [open, closed] = [await sprintFrom(13), await sprintFrom(14)]
  // Done within this sprint, at a time that is known: 3 points. Card 704 was done nobody knows when.
  expect((await api.get(`/sprints/${open.id}/velocity`)).body).toMatchObject({
    velocity_actual: 3,
    completed_points: 6,
  })
  expect(closed).toMatchObject({
    ...{ status: 'completed', velocity_actual: 150, report: null },
    completed_at: '2024-05-15T00:00:00.000Z',
  })
  const velocity = (await api.get(`/projects/${project.id}/velocity`)).body
  expect(velocity.sprints_counted).toBe(0)
  const [today] = await sql`
    select count(*)::int from events where project_id = ${project.id} and type in
      ('task.status_changed', 'sprint.completed', 'step.completed')`
  expect(today?.count).toBe(0)
  const burndown = (await api.get(`/sprints/${open.id}/burndown`)).body
  expect(JSON.stringify(burndown)).not.toContain('"committed_points":0')
})

test('the same dump again adds nothing, and rows that are new are added', async () => {
  await api.settled()
  const before = await fingerprints()
  const again = (await link({ dump: firstVersion })).body
  expect(again).toMatchObject({ links: [], import: { sprints: 0, tasks: 0, here_already: 170 } })
  expect(await fingerprints()).toEqual(before)
  const [first] = firstVersion.tasks
  const more = { ...firstVersion, tasks: [...firstVersion.tasks, { ...first, id: 2000 }] }
  expect((await link({ dump: more })).body.import).toMatchObject({ tasks: 1 })
  expect(await taskFrom(2000)).toMatchObject({ sprint_id: await idHere('sprints', 13) })
})

test('rows that break a rule are named by table, row, column and rule, and nothing is changed', async () => {
  const other = await api.project()
  const [task] = firstVersion.tasks
  const dump = {
    sprints: [{ id: 1, name: ' ', status: 'active' }],
    tasks: [
      { ...task, sprint_id: 1 },
      { ...task, id: 702, board_status: 'flying', due_date: 'yesterday' },
      { ...task, id: 703, story_points: 'many' },
      { ...task, id: 701 },
    ],
    step_runs: [{ id: 1, protocol_run_id: 5, step_index: 0, step_name: 'lost' }],
  }
  const planned = (await plan({ dump }, other.id)).body
  expect(
    planned.import.bad_rows.map((it: Json) => `${it.table} ${it.row} ${it.column}: ${it.rule}`),
  ).toEqual([
    'sprints 1 name: must not be blank',
    expect.stringMatching(/^tasks 2 board_status: must be one of backlog/),
    'tasks 2 due_date: must be a date and time, or empty',
    expect.stringMatching(/^tasks 3 story_points: must be a whole number/),
    'tasks 4 id: must be unique in its table',
    'step_runs 0 protocol_run_id: must name a protocol run of the dump',
  ])
  await api.settled()
  const before = await fingerprints()
  const refused = await link({ dump }, other.id)
  expect(refused).toMatchObject({ status: 422, body: { rule: 'dump_rows' } })
  expect(refused.body.errors[1]).toMatchObject({ field: 'dump.tasks.1.board_status' })
  expect(await fingerprints()).toEqual(before)
  const skipped = await link({ dump, skip_bad_rows: true }, other.id)
  expect(skipped.body.import).toMatchObject({ sprints: 0, tasks: 1, step_runs: 0 })
})

test('of several projects in a dump one is named, and the others stay out', async () => {
  const other = await api.project()
  const dump = {
    sprints: [
      { id: 1, project_id: 1, name: 'One' },
      { id: 2, project_id: 2, name: 'Two' },
    ],
    tasks: [
      { id: 1, project_id: 2, sprint_id: 2, title: 'Mine', board_status: 'todo' },
      {
        id: 2,
        project_id: 2,
        sprint_id: 1,
        title: 'In a sprint of another project',
        board_status: 'todo',
      },
    ],
  }
  expect(await plan({ dump }, other.id)).toMatchObject({
    status: 422,
    body: { rule: 'one_project_at_a_time', detail: expect.stringContaining('1, 2') },
  })
  expect(await link({ dump, source_project_id: 3 }, other.id)).toMatchObject({
    status: 422,
    body: { rule: 'project_of_the_dump', detail: expect.stringContaining('it holds 1, 2') },
  })
  const { body } = await link({ dump, source_project_id: 2 }, other.id)
  expect(body.import).toMatchObject({ sprints: 1, tasks: 2 })
  const tasks = (await api.get(`/tasks?project_id=${other.id}`)).body.items
  expect(tasks.map((it: Json) => [it.title, it.board_status])).toEqual([
    ['Mine', 'todo'],
    ['In a sprint of another project', 'backlog'],
  ])
})

test('an imported sprint lives on: its run works, its cards follow, and it can be completed and reopened', async () => {
  const sprint = await sprintFrom(13)
  const step = await stepFrom(72)
  // A step that nobody made a card for gets one.
  const synced = await api.post(
    `/protocols/${await idHere('protocol_runs', 7)}/actions/sync-to-sprint`,
  )
  expect(synced.body).toMatchObject({ updated: [], created: [expect.any(Number)] })
  await api.act(step, 'retry')
  await api.act(step, 'complete')
  await api.settled()
  expect(await taskFrom(702)).toMatchObject({ board_status: 'done', title: 'Take payments' })
  const done = await api.post(`/sprints/${sprint.id}/actions/complete`)
  expect(done).toMatchObject({ status: 200, body: { report: { completed_points: 6 } } })
  const old = await sprintFrom(14)
  await api.post(`/sprints/${old.id}/actions/reopen`, { reason: 'look again' })
  expect((await api.post(`/sprints/${old.id}/actions/complete`)).status).toBe(200)
})

test('nothing is left inconsistent', async () => {
  await api.settled()
  await expectConsistent(api.database)
})
