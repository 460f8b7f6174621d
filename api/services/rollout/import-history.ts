import type { Project } from '../../core/entities/project.ts'
import { gap } from '../../core/ordering.ts'
import type { History } from '../../core/rollout/history.ts'
import { addDependencies } from '../../store/dependencies.ts'
import { takeSprintNumbers, takeTaskNumbers } from '../../store/projects.ts'
import { insertHistory, type KnownIds, keepImportedRows } from '../../store/rollout.ts'
import { findSteps, saveSteps } from '../../store/steps.ts'
import { lockTasks, type TaskRow } from '../../store/tasks.ts'
import { recordConflictsOf } from '../conflict/record.ts'
import type { Work } from '../runtime.ts'
import { historyEvents } from './history-events.ts'

/**
 * Writes the rows of a dump into a locked project, with the times they had and their ids of there
 * kept. It is history: its events wake no handler but the count of the open sprints. False where
 * every row is here already.
 */
export async function importHistory(
  work: Work,
  project: Project,
  { history, known }: { history: History; known: KnownIds },
): Promise<boolean> {
  const { sprints, runs, steps, tasks } = history
  if (sprints.length + runs.length + steps.length + tasks.length === 0) return false
  const ids: KnownIds = {
    sprints: new Map([...known.sprints, ...(await addSprints(work, project, history))]),
    protocol_runs: new Map(known.protocol_runs),
    step_runs: new Map(known.step_runs),
    tasks: new Map(known.tasks),
  }
  await addRuns(work, project, history, ids)
  await addSteps(work, project, history, ids)
  const rows = await addTasks(work, project, history, ids)
  await linkSteps(work, history, ids)
  await addDependencies(
    work.tx,
    history.dependencies.flatMap(({ task, dependsOn, kind }) => {
      const [task_id, depends_on_id] = [ids.tasks.get(task), ids.tasks.get(dependsOn)]
      if (task_id === undefined || depends_on_id === undefined) return []
      const source = 'hand' as const
      return [{ task_id, depends_on_id, project_id: project.id, kind, confidence: 1, source }]
    }),
  )
  await keepIds(work, project, history, ids)
  await work.record(...historyEvents(project, history, ids, rows))
  await keepClashes(work, history, ids, rows)
  return true
}

const pairUp = (sources: readonly { id: number }[], made: readonly number[]) =>
  sources.map((source, place): [number, number] => [source.id, made[place] ?? 0])

async function addSprints(work: Work, project: Project, { sprints }: History) {
  const first = await takeSprintNumbers(work.tx, project.id, sprints.length)
  const made = await insertHistory(
    work.tx,
    'sprints',
    project.id,
    sprints.map((sprint, place) => ({
      code: `${project.slug.toUpperCase()}-S${first + place}`,
      name: sprint.name,
      goal: sprint.goal,
      status: sprint.status,
      start_date: sprint.start_date,
      end_date: sprint.end_date,
      committed_points: sprint.status === 'planning' ? null : sprint.committedPoints,
      velocity_planned: sprint.velocity_planned,
      velocity_actual: sprint.velocity,
      started_at: sprint.status === 'planning' ? null : (sprint.started_at ?? 'now'),
      completed_at: sprint.completed_at,
      created_at: sprint.created_at,
    })),
  )
  return pairUp(sprints, made)
}

async function addRuns(work: Work, project: Project, { runs }: History, ids: KnownIds) {
  const made = await insertHistory(
    work.tx,
    'protocol_runs',
    project.id,
    runs.map((run) => ({
      protocol_name: run.protocol_name,
      status: run.status,
      linked_sprint_id: run.sprint === null ? null : (ids.sprints.get(run.sprint) ?? null),
      started_at: run.started_at,
      finished_at: run.finished_at,
      created_at: run.created_at,
    })),
  )
  for (const [source, id] of pairUp(runs, made)) ids.protocol_runs.set(source, id)
}

async function addSteps(work: Work, project: Project, { steps }: History, ids: KnownIds) {
  const made = await insertHistory(
    work.tx,
    'step_runs',
    project.id,
    steps.map((step) => ({
      protocol_run_id: ids.protocol_runs.get(step.protocol_run_id),
      step_index: step.index,
      step_name: step.name,
      step_type: step.step_type ?? 'execute',
      status: step.status,
      parallel_group: step.parallel_group,
      agent: step.assigned_agent,
      started_at: step.started_at,
      completed_at: step.completed_at,
      created_at: step.created_at,
    })),
  )
  for (const [source, id] of pairUp(steps, made)) ids.step_runs.set(source, id)
}

async function addTasks(work: Work, project: Project, { tasks }: History, ids: KnownIds) {
  const numbers = await takeTaskNumbers(work.tx, project.id, tasks.length)
  const first = numbers?.first ?? 1
  const made = await insertHistory(
    work.tx,
    'tasks',
    project.id,
    tasks.map((task, place) => ({
      sprint_id: task.sprint === null ? null : (ids.sprints.get(task.sprint) ?? null),
      protocol_run_id: task.run === null ? null : (ids.protocol_runs.get(task.run) ?? null),
      step_run_id: task.step === null ? null : (ids.step_runs.get(task.step) ?? null),
      step_version: task.step === null ? null : 1,
      code: `${project.slug.toUpperCase()}-${first + place}`,
      type: task.task_type,
      title: task.title,
      description: task.description ?? '',
      board_status: task.board_status,
      blocked_reason: task.blockedReason,
      skipped: task.skipped,
      priority: task.priority,
      story_points: task.story_points,
      // What somebody wrote there is theirs: a later sync of the plan leaves it.
      hand_set: task.step === null ? [] : ['title', 'priority', 'story_points', 'assignee'],
      labels: task.labels,
      acceptance_criteria: task.acceptance_criteria,
      assignee: task.assignee,
      position: place * gap,
      due_date: task.due_date,
      started_at: task.started_at,
      completed_at: task.completed_at,
      created_at: task.created_at,
    })),
  )
  for (const [source, id] of pairUp(tasks, made)) ids.tasks.set(source, id)
  return new Map((await lockTasks(work.tx, made)).map((row) => [row.id, row]))
}

/** Steps name their tasks and each other, now that all have ids. */
async function linkSteps(work: Work, { steps }: History, ids: KnownIds) {
  const sources = new Map(steps.map((step) => [ids.step_runs.get(step.id), step]))
  const made = await findSteps(work.tx, [...ids.step_runs.values()])
  await saveSteps(
    work.tx,
    made.flatMap((row) => {
      const step = sources.get(row.id)
      if (!step) return []
      const depends_on = step.dependsOn.flatMap((id) => ids.step_runs.get(id) ?? [])
      const linked_task_id = step.task === null ? null : (ids.tasks.get(step.task) ?? null)
      return [{ ...row, depends_on, linked_task_id }]
    }),
  )
}

async function keepIds(work: Work, project: Project, history: History, ids: KnownIds) {
  const tables = [
    ['sprints', history.sprints],
    ['protocol_runs', history.runs],
    ['step_runs', history.steps],
    ['tasks', history.tasks],
  ] as const
  const duplicates = history.duplicates.map((original) => ({
    ...{ table: 'sprints' as const, source: original.id, original },
    entity: ids.sprints.get(original.of) ?? 0,
  }))
  const rows = tables.flatMap(([table, originals]) =>
    originals.map((original) => ({
      ...{ table, source: original.id, original },
      entity: ids[table].get(original.id) ?? 0,
    })),
  )
  await keepImportedRows(work.tx, project.id, [...rows, ...duplicates])
}

async function keepClashes(
  work: Work,
  { tasks }: History,
  ids: KnownIds,
  rows: ReadonlyMap<number, TaskRow>,
): Promise<void> {
  await recordConflictsOf(
    work,
    tasks.flatMap((source) => {
      const task = rows.get(ids.tasks.get(source.id) ?? 0)
      if (source.clash === null || !task) return []
      const sides = {
        source: 'protocol' as const,
        field: 'board_status',
        step_run_id: task.step_run_id,
        base_value: null,
        board_value: source.clash.board,
        other_value: source.clash.step,
      }
      return [{ task, sides }]
    }),
  )
}
