import type { InputOf } from '../../commands/command.ts'
import {
  getProjectForecast as projectCommand,
  getSprintForecast as sprintCommand,
} from '../../commands/metrics.ts'
import type { Forecast } from '../../core/entities/charts.ts'
import type { Project } from '../../core/entities/project.ts'
import { found, invalid } from '../../core/errors.ts'
import {
  addDays,
  type Calendar,
  calendarOf,
  dateAt,
  daysUntil,
} from '../../core/metrics/calendar.ts'
import {
  countAt,
  daysAt,
  daysUntilDone,
  finishedWithin,
  maxDays,
  runs,
  seedOf,
} from '../../core/metrics/forecast.ts'
import { type Db, nowOf } from '../../store/database.ts'
import { findProject } from '../../store/projects.ts'
import { findSprint } from '../../store/sprints.ts'
import { unfinishedTasks } from '../../store/tasks.ts'
import { query } from '../query.ts'
import type { Read } from '../runtime.ts'
import { isClosed } from '../sprint/guard.ts'
import { type History, historyOf } from './history.ts'

/** Fewer days of history than these say little about the days to come. */
const enoughDays = 10

type Asked = Omit<InputOf<typeof projectCommand>, 'project_id'>

export async function projectForecastOf(
  { db }: Pick<Read, 'db'>,
  { project_id, ...asked }: InputOf<typeof projectCommand>,
): Promise<Forecast> {
  const project = found(await findProject(db, project_id), 'project', project_id)
  const calendar = calendarOf(project.settings)
  const today = dateAt(Date.parse(await nowOf(db)), calendar)
  return forecast(db, project, asked, {
    sprintId: null,
    today,
    calendar,
    unfinished: await unfinishedTasks(db, { project_id }),
    by: addDays(today, project.settings.sprint_days ?? 14),
    ended: null,
  })
}

export const getProjectForecast = query(projectCommand, projectForecastOf)

export async function sprintForecastOf(
  { db }: Pick<Read, 'db'>,
  { sprint_id, ...asked }: InputOf<typeof sprintCommand>,
): Promise<Forecast> {
  const sprint = found(await findSprint(db, sprint_id), 'sprint', sprint_id)
  const project = found(await findProject(db, sprint.project_id), 'project', sprint.project_id)
  const calendar = calendarOf(project.settings)
  const today = dateAt(Date.parse(await nowOf(db)), calendar)
  const end = sprint.end_date === null ? null : dateAt(Date.parse(sprint.end_date), calendar)
  return forecast(db, project, asked, {
    sprintId: sprint_id,
    today,
    calendar,
    unfinished: await unfinishedTasks(db, { sprint_id }),
    by: end !== null && end > today && daysUntil(today, end) <= maxDays ? end : null,
    ended: isClosed(sprint) ? `The sprint is ${sprint.status}; nothing of it is to come.` : null,
  })
}

export const getSprintForecast = query(sprintCommand, sprintForecastOf)

interface Subject {
  sprintId: number | null
  today: string
  calendar: Calendar
  unfinished: number
  /** The date asked about where the caller names none. */
  by: string | null
  /** Why there is nothing to forecast. */
  ended: string | null
}

async function forecast(
  db: Db,
  project: Project,
  asked: Asked,
  { sprintId, today, calendar, unfinished, by: planned, ended }: Subject,
): Promise<Forecast> {
  const remaining = rangeOf(asked, unfinished)
  const by = asked.by === undefined ? planned : ahead(asked.by, today)
  const history = await historyOf(db, project.id, calendar, today, asked.history_days, enoughDays)
  const { samples } = history
  const seed = asked.seed ?? seedOf({ samples, remaining })
  const none = ended ?? unforeseeable(history)
  const question = { samples, remaining, seed }
  return {
    project_id: project.id,
    sprint_id: sprintId,
    as_of: today,
    time_zone: calendar.timeZone,
    confidence: none !== null ? 'none' : samples.length < enoughDays ? 'low' : 'normal',
    reason: none ?? doubt(samples),
    remaining,
    when: none === null ? whenDone(question, today) : null,
    how_many: none === null && by !== null ? howMany(question, today, by) : null,
    history: { from: history.from, to: history.to, samples },
    runs,
    seed,
    assumptions: assumptions(calendar, history),
  }
}

function rangeOf({ remaining_min, remaining_max }: Asked, unfinished: number) {
  const min = remaining_min ?? Math.min(unfinished, remaining_max ?? unfinished)
  const max = remaining_max ?? Math.max(unfinished, min)
  if (min <= max) return { min, max }
  throw invalid('remaining_max', 'range', `must not be less than remaining_min (${min})`)
}

function ahead(by: string, today: string): string {
  const days = daysUntil(today, by)
  if (days >= 1 && days <= maxDays) return by
  throw invalid('by', 'date_ahead', `must lie 1 to ${maxDays} days after today (${today})`)
}

function unforeseeable({ from, to, samples }: History): string | null {
  if (from === null) return 'No forecast: no card of the project has been moved yet.'
  if (samples.some((count) => count > 0)) return null
  return `No forecast: no task was finished from ${from} to ${to}.`
}

const doubt = (samples: readonly number[]): string | null =>
  samples.length < enoughDays
    ? `Low confidence: the history has less than ${enoughDays} days (${samples.length}).`
    : null

type Question = Parameters<typeof daysUntilDone>[0]

function whenDone(question: Question, today: string) {
  const days = daysUntilDone(question)
  const on = (percent: number) => {
    const needed = daysAt(percent, days)
    return needed === null ? null : addDays(today, needed)
  }
  return { p50: on(50), p85: on(85), p95: on(95) }
}

function howMany(question: Question, today: string, by: string) {
  const counts = finishedWithin(question, daysUntil(today, by))
  return { by, p50: countAt(50, counts), p85: countAt(85, counts), p95: countAt(95, counts) }
}

const assumptions = ({ timeZone }: Calendar, { from, to, todayToo }: History): string[] => [
  ...(from === null
    ? []
    : [
        `A day to come is like any day from ${from} to ${to}, days off and days without a finished task included; days begin and end in ${timeZone}.`,
      ]),
  ...(todayToo ? ['There are few days of history, so today counts although it is not over.'] : []),
  'History is what the whole project finished, and all of it will work on this.',
  'Tasks count alike, whatever their points.',
  'No work is added; for what may be, give a range (remaining_min, remaining_max).',
  `What takes more than ${maxDays} days is told as null.`,
]
