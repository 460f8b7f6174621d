import { beforeEach, expect, test } from 'vitest'
import { testDatabase } from '../../support/database.ts'

// The rules that no code above can break, each by trying to break it in SQL.
const { sql } = await testDatabase()

let project = 0
let other = 0
let count = 0

const id = async (query: PromiseLike<readonly Record<string, unknown>[]>) =>
  Number((await query)[0]?.id)

const newProject = () =>
  id(sql`insert into projects (slug, name) values (${`p-${++count}`}, 'P') returning id`)
const newSprint = (of = project) =>
  id(sql`insert into sprints (project_id, code, name)
    values (${of}, ${`S-${++count}`}, 'S') returning id`)
const newSpec = (of = project) =>
  id(sql`insert into specs (project_id, path, name)
    values (${of}, ${`specs/${++count}`}, 'S') returning id`)
const newRun = (of = project, sprint: number | null = null) =>
  id(sql`insert into protocol_runs (project_id, protocol_name, linked_sprint_id)
    values (${of}, 'R', ${sprint}) returning id`)
const newStep = (run: number, index = 0, of = project) =>
  id(sql`insert into step_runs (project_id, protocol_run_id, step_index, step_name, step_type)
    values (${of}, ${run}, ${index}, ${`step ${index}`}, 'execute') returning id`)
const newTask = (columns: Record<string, string | number | null> = {}, of = project) =>
  id(sql`insert into tasks ${sql({ project_id: of, code: `T-${++count}`, title: 'T', ...columns })}
    returning id`)

const broken = (constraint: string) => ({ constraint_name: constraint })

beforeEach(async () => {
  project = await newProject()
  other = await newProject()
})

test('a protocol run has one sprint, and a sprint one protocol run', async () => {
  const sprint = await newSprint()
  await newRun(project, sprint)
  await expect(newRun(project, sprint)).rejects.toMatchObject(broken('one_protocol_run_per_sprint'))
})

test('a step run has one task, a task one step run, and both name each other at the commit', async () => {
  const run = await newRun()
  const step = await newStep(run)
  const task = { protocol_run_id: run, step_run_id: step }
  // A task that names a step which does not name it back.
  await expect(newTask(task)).rejects.toMatchObject(broken('task_and_step_name_each_other'))
  const card = await sql.begin(async (tx) => {
    const [made] =
      await tx`insert into tasks ${tx({ ...task, project_id: project, code: `T-${++count}`, title: 'T' })} returning id`
    await tx`update step_runs set linked_task_id = ${made?.id} where id = ${step}`
    return Number(made?.id)
  })
  await expect(newTask(task)).rejects.toMatchObject(broken('one_task_per_step_run'))
  // A second step that claims the card.
  const second = await newStep(run, 1)
  await expect(
    sql`update step_runs set linked_task_id = ${card} where id = ${second}`,
  ).rejects.toMatchObject(broken('one_step_run_per_task'))
  // Either side letting go alone.
  await expect(
    sql`update step_runs set linked_task_id = null where id = ${step}`,
  ).rejects.toMatchObject(broken('task_and_step_name_each_other'))
  await expect(sql`update tasks set step_run_id = null where id = ${card}`).rejects.toMatchObject(
    broken('step_and_task_name_each_other'),
  )
  // Another step naming a card that names the first: caught even where uniqueness is not.
  await expect(
    sql.begin(async (tx) => {
      await tx`update step_runs set linked_task_id = null where id = ${step}`
      await tx`update step_runs set linked_task_id = ${card} where id = ${second}`
    }),
  ).rejects.toMatchObject({ code: '23503' })
  await expect(sql`delete from tasks where id = ${card}`).rejects.toMatchObject({ code: '23503' })
})

test('a task of a step names the run too', async () => {
  const step = await newStep(await newRun())
  await expect(newTask({ step_run_id: step })).rejects.toMatchObject(broken('step_needs_its_run'))
})

test('a spec has one task per id and occurrence; two specs may use one id', async () => {
  const spec = await newSpec()
  const key = { spec_id: spec, external_id: 'T001', occurrence: 1 }
  await newTask(key)
  await expect(newTask(key)).rejects.toMatchObject(broken('one_task_per_spec_key'))
  await newTask({ ...key, occurrence: 2 })
  await newTask({ ...key, spec_id: await newSpec() })
  await expect(newTask({ spec_id: spec })).rejects.toMatchObject(broken('spec_key_is_whole'))
})

test('no orphan: a task without sprint, run and spec is in the backlog or archived', async () => {
  for (const status of ['todo', 'in_progress', 'review', 'testing', 'blocked', 'done']) {
    await expect(newTask({ board_status: status })).rejects.toMatchObject(broken('no_orphan_task'))
  }
  await newTask({ board_status: 'backlog' })
  await newTask({ board_status: 'archived' })
  const task = await newTask({ board_status: 'todo', sprint_id: await newSprint() })
  await expect(sql`update tasks set sprint_id = null where id = ${task}`).rejects.toMatchObject(
    broken('no_orphan_task'),
  )
})

test('nothing refers to a row of another project', async () => {
  const mine = {
    sprint: await newSprint(),
    spec: await newSpec(),
    run: await newRun(),
    task: await newTask(),
  }
  const stranger = await newTask({}, other)
  const step = await newStep(mine.run)
  const refused = { code: '23503' }
  await expect(newTask({ sprint_id: mine.sprint }, other)).rejects.toMatchObject(refused)
  await expect(newTask({ protocol_run_id: mine.run }, other)).rejects.toMatchObject(refused)
  await expect(
    newTask({ spec_id: mine.spec, external_id: 'T1', occurrence: 1 }, other),
  ).rejects.toMatchObject(refused)
  await expect(newRun(other, mine.sprint)).rejects.toMatchObject(refused)
  await expect(newStep(mine.run, 5, other)).rejects.toMatchObject(refused)
  for (const column of ['sprint_id', 'linked_sprint_id']) {
    const foreign = await newSprint(other)
    await expect(
      sql`update protocol_runs set ${sql({ [column]: foreign })} where id = ${mine.run}`,
    ).rejects.toMatchObject(refused)
  }
  await expect(
    sql`update protocol_runs set parent_run_id = ${await newRun(other)} where id = ${mine.run}`,
  ).rejects.toMatchObject(refused)
  await expect(
    sql`update sprints set spec_id = ${await newSpec(other)} where id = ${mine.sprint}`,
  ).rejects.toMatchObject(refused)
  await expect(
    sql`update step_runs set task_id = ${stranger} where id = ${step}`,
  ).rejects.toMatchObject(refused)
  for (const of of [project, other]) {
    await expect(
      sql`insert into task_dependencies (task_id, depends_on_id, project_id, kind, source)
        values (${mine.task}, ${stranger}, ${of}, 'hard', 'hand')`,
    ).rejects.toMatchObject(refused)
  }
})

test('a task cannot depend on itself, in any way', async () => {
  const task = await newTask()
  await expect(
    sql`insert into task_dependencies (task_id, depends_on_id, project_id, kind, source)
      values (${task}, ${task}, ${project}, 'suggested', 'hand')`,
  ).rejects.toMatchObject(broken('no_self_dependency'))
})

test('events are append-only', async () => {
  await sql`insert into events (type, entity_type, entity_id, correlation_id, actor, payload)
    values ('project.created', 'project', 1, 'c', 'a', '{}')`
  for (const attempt of [
    sql`update events set actor = 'someone else'`,
    sql`delete from events`,
    sql`truncate events cascade`,
  ]) {
    await expect(attempt).rejects.toThrow('append-only')
  }
})

test('statuses and kinds are of their enumerations', async () => {
  const run = await newRun()
  const step = await newStep(run)
  const task = await newTask()
  const sprint = await newSprint()
  const set = (table: string, row: number, column: string, value: string) =>
    sql`update ${sql(table)} set ${sql({ [column]: value })} where id = ${row}`
  for (const [table, row, column] of [
    ['tasks', task, 'board_status'],
    ['tasks', task, 'type'],
    ['tasks', task, 'priority'],
    ['step_runs', step, 'status'],
    ['protocol_runs', run, 'status'],
    ['protocol_runs', run, 'kind'],
    ['sprints', sprint, 'status'],
  ] as const) {
    await expect(set(table, row, column, 'nonsense')).rejects.toMatchObject({ code: '23514' })
  }
  await expect(set('sprints', sprint, 'status', 'active')).rejects.toMatchObject(
    broken('active_sprint_has_started'),
  )
  await expect(
    sql`update sprints set start_date = '2026-02-01', end_date = '2026-01-01' where id = ${sprint}`,
  ).rejects.toMatchObject(broken('sprint_ends_after_it_starts'))
})

test('living steps of a run have places and names of their own; deleted ones leave theirs free', async () => {
  const run = await newRun()
  const first = await newStep(run, 0)
  const second = await newStep(run, 1)
  await expect(newStep(run, 1)).rejects.toMatchObject({ code: '23505' })
  // Deferred: two steps may swap places and names within a transaction.
  await sql`update step_runs set step_index = 1 - step_index,
    step_name = 'step ' || (1 - step_index) where protocol_run_id = ${run}`
  await sql`update step_runs set deleted_at = now() where id in (${first}, ${second})`
  await newStep(run, 0)
  await newStep(run, 1)
})

test('a project goes with everything in it, and its events stay', async () => {
  const sprint = await newSprint()
  const spec = await newSpec()
  const run = await newRun(project, sprint)
  const step = await newStep(run)
  await sql.begin(async (tx) => {
    const [card] =
      await tx`insert into tasks ${tx({ project_id: project, sprint_id: sprint, protocol_run_id: run, step_run_id: step, code: `T-${++count}`, title: 'T' })} returning id`
    await tx`update step_runs set linked_task_id = ${card?.id}, task_id = ${card?.id} where id = ${step}`
  })
  const task = await newTask({ spec_id: spec, external_id: 'T1', occurrence: 1, sprint_id: sprint })
  const needed = await newTask({ sprint_id: sprint })
  await sql`insert into task_dependencies (task_id, depends_on_id, project_id, kind, source)
    values (${task}, ${needed}, ${project}, 'hard', 'hand')`
  await sql`insert into step_logs (step_run_id, attempt, seq, stream, line) values (${step}, 1, 0, 'stdout', 'l')`
  await sql`insert into artifacts (step_run_id, attempt, name, content) values (${step}, 1, 'a', 'c')`
  await sql`insert into sync_conflicts (project_id, task_id, step_run_id, source, field, actor)
    values (${project}, ${task}, ${step}, 'spec', 'title', 'a')`
  await sql`insert into events (type, entity_type, entity_id, project_id, correlation_id, actor, payload)
    values ('project.created', 'project', ${project}, ${project}, 'c', 'a', '{}')`
  await sql`delete from projects where id = ${project}`
  const [left] = await sql`select
    (select count(*) from tasks where project_id = ${project})
      + (select count(*) from step_runs where project_id = ${project})
      + (select count(*) from sprints where project_id = ${project}) as rows,
    (select count(*) from events where project_id = ${project}) as events`
  expect(left).toMatchObject({ rows: '0', events: '1' })
})

test('what refers to rows of which there are many has an index: deleting a project asks for each', async () => {
  const slow = await sql`
    select c.conrelid::regclass::text as of, c.conname as name
    from pg_constraint c
    join pg_attribute a on a.attrelid = c.conrelid and a.attnum = c.conkey[1]
    where c.contype = 'f'
      and c.confrelid in ('tasks'::regclass, 'sprints'::regclass, 'step_runs'::regclass,
        'work_sessions'::regclass, 'session_notes'::regclass)
      and not exists (
        select from pg_index i where i.indrelid = c.conrelid and i.indkey[0] = a.attnum
          and coalesce(pg_get_expr(i.indpred, i.indrelid), '') in ('', format('(%I IS NOT NULL)', a.attname)))
    order by 1, 2`
  expect([...slow]).toEqual([])
})
