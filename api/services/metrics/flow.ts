import {
  getProjectFlow as projectCommand,
  getSprintFlow as sprintCommand,
} from '../../commands/metrics.ts'
import { found } from '../../core/errors.ts'
import {
  addDays,
  beginOf,
  calendarOf,
  type Day,
  dateAt,
  daysFrom,
  daysOf,
} from '../../core/metrics/calendar.ts'
import type { ChartEvent } from '../../core/metrics/chart-event.ts'
import { cumulativeFlow, type TasksPerStatus } from '../../core/metrics/cumulative-flow.ts'
import { ageOf, percentile, serviceLevel, throughput } from '../../core/metrics/flow-times.ts'
import { ledgerOf, untilItEnded } from '../../core/metrics/sprint-ledger.ts'
import {
  cardEventsOfProject,
  cardsOfProjectAt,
  chartEventsOfSprint,
} from '../../store/chart-events.ts'
import { type Db, nowOf } from '../../store/database.ts'
import { findProject } from '../../store/projects.ts'
import { findSprint } from '../../store/sprints.ts'
import { tasksInWork } from '../../store/tasks.ts'
import { query } from '../query.ts'
import { neverStarted } from './never-started.ts'

/** Lists of single tasks end here; what is counted over them counts all. */
const listed = 1000

export const getSprintFlow = query(sprintCommand, async ({ db }, { sprint_id }) => {
  const sprint = found(await findSprint(db, sprint_id), 'sprint', sprint_id)
  const project = found(await findProject(db, sprint.project_id), 'project', sprint.project_id)
  const events = await chartEventsOfSprint(db, sprint_id)
  const { startedAt, closedAt } = ledgerOf(events)
  const calendar = calendarOf(project.settings)
  const now = Date.parse(await nowOf(db))
  return {
    project_id: project.id,
    sprint_id,
    reason: startedAt === null ? neverStarted(sprint) : null,
    time_zone: calendar.timeZone,
    ...(startedAt === null
      ? flowOf([], [])
      : flowOf(untilItEnded(events), daysOf(startedAt, closedAt ?? now, calendar))),
    ages: await agesOf(db, { sprint_id }, now),
  }
})

export const getProjectFlow = query(projectCommand, async ({ db }, { project_id, days: span }) => {
  const project = found(await findProject(db, project_id), 'project', project_id)
  const calendar = calendarOf(project.settings)
  const now = Date.parse(await nowOf(db))
  const today = dateAt(now, calendar)
  const first = addDays(today, 1 - span)
  const since = new Date(beginOf(first, calendar)).toISOString()
  const standing = await cardsOfProjectAt(db, project_id, since)
  const events = await cardEventsOfProject(db, project_id, since)
  const isEmpty = Object.keys(standing).length + events.length === 0
  return {
    project_id,
    sprint_id: null,
    reason: isEmpty ? 'The project has had no task yet.' : null,
    time_zone: calendar.timeZone,
    ...flowOf(events, daysFrom(first, today, calendar), standing),
    ages: await agesOf(db, { project_id }, now),
  }
})

function flowOf(
  events: readonly ChartEvent[],
  days: readonly Day[],
  standing: Partial<TasksPerStatus> = {},
) {
  const { perDay, finished } = throughput(events, days)
  const cycleTimes = finished.flatMap(({ days }) => (days === null ? [] : [days]))
  const at = (percent: number) => percentile(cycleTimes, percent) ?? 0
  const level = serviceLevel(cycleTimes)
  return {
    days: cumulativeFlow(events, days, standing).map(
      ({ date, tasks: { archived: _, ...tasks } }, n) => ({
        date,
        ...tasks,
        work_in_progress: tasks.in_progress + tasks.review + tasks.testing + tasks.blocked,
        throughput: perDay[n] ?? 0,
      }),
    ),
    finished: finished.length,
    cycle_times: finished.slice(-listed).map(({ taskId, startedAt, completedAt, days }) => ({
      task_id: taskId,
      started_at: startedAt,
      completed_at: completedAt,
      days,
    })),
    cycle_time_percentiles:
      cycleTimes.length === 0 ? null : { p50: at(50), p85: at(85), p95: at(95) },
    service_level: level === null ? null : { percent: 85 as const, days: level },
  }
}

async function agesOf(db: Db, of: Parameters<typeof tasksInWork>[1], now: number) {
  const tasks = await tasksInWork(db, of, listed)
  return tasks.map(({ id, board_status, started_at }) => ({
    task_id: id,
    board_status,
    started_at,
    days: ageOf(started_at, now),
  }))
}
