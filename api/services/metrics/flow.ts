import {
  getProjectFlow as projectCommand,
  getSprintFlow as sprintCommand,
} from '../../commands/metrics.ts'
import { found } from '../../core/errors.ts'
import {
  addDays,
  calendarOf,
  type Day,
  dateAt,
  daysFrom,
  daysOf,
} from '../../core/metrics/calendar.ts'
import type { ChartEvent } from '../../core/metrics/chart-event.ts'
import { type CardMoves, cumulativeFlow, movesOf } from '../../core/metrics/cumulative-flow.ts'
import { ageOf, percentile, serviceLevel, throughput } from '../../core/metrics/flow-times.ts'
import { ledgerOf, untilItEnded } from '../../core/metrics/sprint-ledger.ts'
import {
  cardMovesOfProject,
  chartEventsOfSprint,
  finishesOfProject,
} from '../../store/chart-events.ts'
import { type Db, nowOf } from '../../store/database.ts'
import { findProject } from '../../store/projects.ts'
import { findSprint } from '../../store/sprints.ts'
import { cardNames, tasksInWork } from '../../store/tasks.ts'
import { query } from '../query.ts'
import { named } from './named.ts'
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
  const shown = startedAt === null ? [] : untilItEnded(events)
  const days = startedAt === null ? [] : daysOf(startedAt, closedAt ?? now, calendar)
  return {
    project_id: project.id,
    sprint_id,
    reason: startedAt === null ? neverStarted(sprint) : null,
    time_zone: calendar.timeZone,
    ...(await flowOf(db, shown, movesOf(shown, days), days)),
    ages: await agesOf(db, { sprint_id }, now),
  }
})

export const getProjectFlow = query(projectCommand, async ({ db }, { project_id, days: span }) => {
  const project = found(await findProject(db, project_id), 'project', project_id)
  const calendar = calendarOf(project.settings)
  const now = Date.parse(await nowOf(db))
  const today = dateAt(now, calendar)
  const days = daysFrom(addDays(today, 1 - span), today, calendar)
  const begins = days.map((day) => new Date(day.begins).toISOString())
  const moves = await cardMovesOfProject(db, project_id, begins)
  const finishes = await finishesOfProject(db, project_id, begins[0] ?? today)
  return {
    project_id,
    sprint_id: null,
    reason: moves.length === 0 ? 'The project has had no task yet.' : null,
    time_zone: calendar.timeZone,
    ...(await flowOf(db, finishes, moves, days)),
    ages: await agesOf(db, { project_id }, now),
  }
})

async function flowOf(
  db: Db,
  events: readonly ChartEvent[],
  moves: readonly CardMoves[],
  days: readonly Day[],
) {
  const { perDay, finished } = throughput(events, days)
  const newest = finished.slice(-listed)
  const names = await cardNames(db, [...new Set(newest.map(({ taskId }) => taskId))])
  const cycleTimes = finished.flatMap(({ days }) => (days === null ? [] : [days]))
  const at = (percent: number) => percentile(cycleTimes, percent) ?? 0
  const level = serviceLevel(cycleTimes)
  return {
    days: cumulativeFlow(moves, days).map(({ date, tasks: { archived: _, ...tasks } }, n) => ({
      date,
      ...tasks,
      work_in_progress: tasks.in_progress + tasks.review + tasks.testing + tasks.blocked,
      throughput: perDay[n] ?? 0,
    })),
    finished: finished.length,
    cycle_times: newest.map(({ taskId, startedAt, completedAt, days }) => ({
      ...named(names, taskId),
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
  return tasks.map(({ id, ...card }) => ({
    task_id: id,
    ...card,
    days: ageOf(card.started_at, now),
  }))
}
