import { isDeepStrictEqual } from 'node:util'
import type postgres from 'postgres'
import type { Told } from './story.ts'

/** What differs between what a story was told and what is there. Empty when nothing does. */
export async function checkStory(sql: postgres.Sql, told: Told): Promise<string[]> {
  const problems: string[] = []
  const same = (what: string, found: unknown, expected: unknown) => {
    if (isDeepStrictEqual(found, expected)) return
    problems.push(
      `${told.slug}: ${what} is ${JSON.stringify(found)}, not ${JSON.stringify(expected)}`,
    )
  }
  const { project, moves, artifacts } = told
  const steps = [...moves.keys()]
  const moved = [...moves.values()].flat()

  const [rows] = await sql`
    select (select count(*)::int from projects where slug = ${told.slug}) as projects,
      (select array_agg(id order by id) from sprints where project_id = ${project}) as sprints,
      (select array_agg(id) from protocol_runs where project_id = ${project}) as runs,
      (select count(*)::int from tasks where project_id = ${project} and spec_id is not null
        and step_run_id is null and board_status <> 'archived') as tasks,
      (select count(*)::int from tasks where project_id = ${project} and step_run_id is not null)
        as cards,
      (select count(*)::int from tasks where project_id = ${project}) as all_tasks`
  same('what it made', rows, {
    projects: 1,
    sprints: [...told.sprints].sort((a, b) => a - b),
    runs: [told.run],
    tasks: told.tasks,
    cards: steps.length,
    all_tasks: told.tasks + steps.length,
  })

  const events = await sql<{ type: string; entity_id: number }[]>`
    select type, entity_id from events where project_id = ${project} order by xid, id`
  for (const [step, expected] of moves) {
    const found = events.filter((it) => it.entity_id === step && expectedOfSteps.has(it.type))
    same(
      `the life of step ${step}`,
      found.map((it) => it.type),
      expected,
    )
  }
  const once: Record<string, number> = {
    'project.created': 1,
    'spec.created': 1,
    'spec.tasks_imported': 1,
    'sprint.created': 2,
    'sprint.started': 2,
    'sprint.completed': 2,
    'protocol.created': 1,
    'protocol.sprint_linked': 1,
    'task.created': told.tasks + steps.length,
    'step.artifact_added': [...artifacts.values()].flat().length,
    'conflict.recorded': 0,
  }
  for (const [type, expected] of Object.entries(once)) {
    same(`the number of ${type}`, events.filter((it) => it.type === type).length, expected)
  }
  same(
    'the number of step moves',
    events.filter((it) => expectedOfSteps.has(it.type)).length,
    moved.length,
  )
  for (const [step, names] of artifacts) {
    const found = await sql`select name from artifacts where step_run_id = ${step} order by id`
    same(
      `what step ${step} produced`,
      found.map((it) => it.name),
      names,
    )
  }

  const jobs = await sql`
    select id, success from windmill.jobs where id = any(${told.jobs}::uuid[]) order by id`
  same(
    'its jobs',
    jobs.map(({ id, success }) => `${id} ${success}`),
    told.jobs.toSorted().map((id) => `${id} true`),
  )
  const [made] = await sql`
    select count(*)::int as flows from windmill.jobs
    where path = 'f/devgodzilla/sprint_from_protocol' and (args->>'protocol_id')::int = ${told.run}`
  same('the flows that made its sprint (one by itself, one by hand)', made?.flows, 2)
  same('tasks.md', await told.place.read(told.file.path), told.file.expected)
  same('the number of commits', await told.place.commits(), told.file.commits)
  return problems
}

const expectedOfSteps = new Set([
  'step.started',
  'step.qa_submitted',
  'step.completed',
  'step.failed',
  'step.blocked',
  'step.timed_out',
  'step.skipped',
  'step.cancelled',
  'step.retried',
])
