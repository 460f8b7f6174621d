import type { Project } from '../../core/entities/project.ts'
import type { NewEvent } from '../../core/events/catalogue.ts'
import { taskCreated } from '../../core/events/task-events.ts'
import type { History, HistoryTask } from '../../core/rollout/history.ts'
import type { KnownIds } from '../../store/rollout.ts'
import type { TaskRow } from '../../store/tasks.ts'

/**
 * What is told of a dump that came in. Cards first, then the start that commits to them: so charts
 * read the history as it was.
 */
export function historyEvents(
  project: Project,
  history: History,
  ids: KnownIds,
  rows: ReadonlyMap<number, TaskRow>,
): NewEvent[] {
  const project_id = project.id
  const quiet = true
  const events: NewEvent[] = []
  for (const sprint of history.sprints) {
    const entity_id = ids.sprints.get(sprint.id) ?? 0
    const { status, start_date, end_date, created_at, started_at, completed_at } = sprint
    const times = { start_date, end_date, created_at, started_at, completed_at }
    events.push({
      ...{ type: 'sprint.imported', entity_type: 'sprint', entity_id, project_id, quiet },
      sprint_id: entity_id,
      payload: { source_id: sprint.id, name: sprint.name, status, ...times },
    })
  }
  for (const run of history.runs) {
    const entity_id = ids.protocol_runs.get(run.id) ?? 0
    const { status, created_at, started_at, finished_at, protocol_name } = run
    const sprint_id = run.sprint === null ? null : (ids.sprints.get(run.sprint) ?? null)
    events.push({
      ...{ type: 'protocol.imported', entity_type: 'protocol', entity_id, project_id, quiet },
      ...{ protocol_run_id: entity_id, sprint_id },
      payload: { source_id: run.id, protocol_name, status, created_at, started_at, finished_at },
    })
  }
  for (const row of rows.values()) events.push({ ...taskCreated(row, 'import'), quiet })
  for (const sprint of history.sprints.filter((it) => !it.closed)) {
    events.push(...openSprintEvents(project_id, sprint, ids, history.tasks))
  }
  events.push({
    ...{
      type: 'project.history_imported',
      entity_type: 'project',
      entity_id: project_id,
      project_id,
    },
    payload: {
      sprints: history.sprints.length,
      tasks: history.tasks.length,
      protocol_runs: history.runs.length,
      step_runs: history.steps.length,
    },
  })
  return events
}

function openSprintEvents(
  project_id: number,
  sprint: History['sprints'][number],
  ids: KnownIds,
  tasks: readonly HistoryTask[],
): NewEvent[] {
  const entity_id = ids.sprints.get(sprint.id) ?? 0
  const about = { entity_type: 'sprint', entity_id, project_id, sprint_id: entity_id }
  const within = tasks.filter((task) => task.sprint === sprint.id)
  const committed = within.filter((task) => task.board_status !== 'archived' && !task.skipped)
  const events: NewEvent[] = []
  if (sprint.status === 'active') {
    events.push({
      ...{ ...about, type: 'sprint.started', quiet: true },
      payload: {
        committed_points: sprint.committedPoints,
        committed_tasks: committed.map((task) => ids.tasks.get(task.id) ?? 0),
        started_at: sprint.started_at,
        end_date: sprint.end_date,
      },
    })
  }
  events.push({
    ...{ ...about, type: 'sprint.synced' },
    payload: { created: within.length, updated: 0, archived: 0 },
  })
  return events
}
