import { breakCycles } from '../speckit/break-cycles.ts'
import { protocolStatusOf } from '../status.ts'
import type { Dump, DumpRow } from './dump-rows.ts'
import { groupBy } from './evidence.ts'
import type { Alone, Facts } from './facts.ts'
import type { History, HistorySprint, HistoryTask, Note } from './history.ts'
import { historySteps } from './history-steps.ts'
import { historyTasks } from './history-tasks.ts'
import type { PlannedLink } from './plan-links.ts'

/** What the matching looks at, as a dump has it: nothing in it is a link for good. */
export function factsOfDump(dump: Dump): Facts {
  return {
    sprints: dump.sprints.map(({ id, name, start_date, end_date }) => ({
      ...{ id, name },
      ...{ start: start_date, end: end_date },
    })),
    runs: dump.protocol_runs.map((run) => ({
      ...{ id: run.id, name: run.protocol_name, createdAt: run.created_at },
      ...{ sprintLink: null, sprintClaim: run.linked_sprint_id },
    })),
    steps: dump.step_runs.map((step) => ({
      ...{ id: step.id, runId: step.protocol_run_id, name: step.step_name, status: step.status },
      ...{ index: step.step_index ?? step.id, taskLink: null, taskClaim: step.linked_task_id },
    })),
    tasks: dump.tasks.map((task) => ({
      ...{ id: task.id, title: task.title, status: task.board_status, position: task.id },
      ...{ sprintId: task.sprint_id, runId: task.protocol_run_id },
      ...{ stepLink: null, stepClaim: task.step_run_id },
    })),
  }
}

export const isClosedStatus = (status: DumpRow<'sprints'>['status']) =>
  status === 'completed' || status === 'failed' || status === 'archived'

/**
 * What to write for a dump whose links are planned: states settled between step and card, so that
 * history is history and not today's work; whatever differs from the dump is noted. `elsewhere`
 * are rows that an earlier import brought here.
 */
export function planHistory(
  dump: Dump,
  links: readonly PlannedLink[],
  alone: readonly Alone[],
  elsewhere: { sprints: ReadonlySet<number>; runs: ReadonlySet<number> },
): History {
  const notes: Note[] = []
  const original = new Map(
    alone.flatMap((it) => (it.table === 'sprints' ? [[it.id, it.duplicateOf] as const] : [])),
  )
  const duplicates = dump.sprints.flatMap((sprint) => {
    const of = original.get(sprint.id)
    return of === undefined ? [] : [{ ...sprint, of }]
  })
  const empty = new Set(duplicates.map((it) => it.id))
  const sprints = dump.sprints.filter((sprint) => !empty.has(sprint.id))
  const sprintIds = new Set([...sprints.map((it) => it.id), ...elsewhere.sprints])
  const runIds = new Set([...dump.protocol_runs.map((it) => it.id), ...elsewhere.runs])
  const closed = new Set(sprints.filter((it) => isClosedStatus(it.status)).map((it) => it.id))
  const pairs = links.flatMap((link) =>
    link.tasks.map(({ step, task }) => ({ step: step.id, task: task.id })),
  )
  const steps = historySteps(dump.step_runs, new Map(pairs.map((it) => [it.step, it.task])), notes)
  const tasks = historyTasks(
    dump.tasks,
    {
      sprints: sprintIds,
      runs: runIds,
      closed,
      steps,
      stepOf: new Map(pairs.map((it) => [it.task, it.step])),
    },
    notes,
  )
  const sprintOfRun = new Map(links.map((link) => [link.run.id, link.sprint.id]))
  const stepsOfRun = groupBy(steps, (step) => step.protocol_run_id)
  const runs = dump.protocol_runs.map((run) => {
    const statuses = stepsOfRun.get(run.id)?.map((step) => step.status) ?? []
    const status =
      statuses.length === 0 ? run.status : protocolStatusOf(run.status, [...new Set(statuses)])
    if (status !== run.status) {
      notes.push({
        table: 'protocol_runs',
        id: run.id,
        note: `It was ${run.status}; by its steps it is ${status}.`,
      })
    }
    return { ...run, status, sprint: sprintOfRun.get(run.id) ?? null }
  })
  const tasksOfSprint = groupBy(tasks, (task) => task.sprint)
  return {
    sprints: sprints.map((sprint) =>
      historySprint(sprint, tasksOfSprint.get(sprint.id) ?? [], notes),
    ),
    runs,
    steps,
    tasks,
    duplicates,
    dependencies: dependenciesOf(tasks, notes),
    notes: notes.sort((one, other) => one.table.localeCompare(other.table) || one.id - other.id),
  }
}

function historySprint(
  sprint: DumpRow<'sprints'>,
  tasks: readonly HistoryTask[],
  notes: Note[],
): HistorySprint {
  const counted = tasks.filter((task) => task.board_status !== 'archived' && !task.skipped)
  const sum = (of: readonly HistoryTask[]) =>
    of.reduce((points, task) => points + (task.story_points ?? 0), 0)
  const closed = isClosedStatus(sprint.status)
  const velocity = closed ? sum(counted.filter((task) => task.board_status === 'done')) : 0
  if (closed && sprint.velocity_actual !== null && sprint.velocity_actual !== velocity) {
    const note = `Its velocity was ${sprint.velocity_actual}; counted over all ${tasks.length} tasks it is ${velocity}.`
    notes.push({ table: 'sprints', id: sprint.id, note })
  }
  return {
    ...sprint,
    closed,
    velocity,
    committedPoints: sum(counted),
    started_at: sprint.started_at ?? sprint.start_date ?? sprint.created_at,
    completed_at: closed ? (sprint.completed_at ?? sprint.end_date) : null,
  }
}

function dependenciesOf(tasks: readonly HistoryTask[], notes: Note[]): History['dependencies'] {
  const place = new Map(tasks.map((task, index) => [task.id, index]))
  const edges = new Map<
    string,
    { from: number; to: number; kind: 'hard' | 'suggested'; confidence: number; index: number }
  >()
  const add = (waiting: number | undefined, first: number | undefined) => {
    if (waiting === undefined || first === undefined || waiting === first) return
    // The plan of a run is the master of what its cards wait for.
    const linked = [waiting, first].some((index) => tasks[index]?.step !== null)
    edges.set(`${waiting} ${first}`, {
      from: waiting,
      to: first,
      kind: linked ? 'suggested' : 'hard',
      confidence: 1,
      index: 0,
    })
  }
  for (const [index, task] of tasks.entries()) {
    for (const id of task.blocked_by) add(index, place.get(Number(id)))
    for (const id of task.blocks) add(place.get(Number(id)), index)
  }
  const turned = breakCycles([...edges.values()])
  const idOf = (index: number) => tasks[index]?.id ?? 0
  for (const edge of turned) {
    notes.push({
      table: 'tasks',
      id: idOf(edge.from),
      note: `Waiting for task ${idOf(edge.to)} goes in a circle: a suggestion now.`,
    })
  }
  return [...edges.values()].map(({ from, to, kind }) => ({
    task: idOf(from),
    dependsOn: idOf(to),
    kind,
  }))
}
