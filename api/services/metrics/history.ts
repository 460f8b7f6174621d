import {
  addDays,
  beginOf,
  type Calendar,
  dateAt,
  daysFrom,
  daysUntil,
} from '../../core/metrics/calendar.ts'
import { throughput } from '../../core/metrics/flow-times.ts'
import { finishesOfProject, firstMoveOfProject } from '../../store/chart-events.ts'
import type { Db } from '../../store/database.ts'

export interface History {
  from: string | null
  to: string | null
  /** Tasks finished per day, days without any included. */
  samples: number[]
  todayToo: boolean
}

/**
 * What a project finished on each of its last days: from the day its first card moved, at most
 * `span` days, up to yesterday. Today is not over; it counts only while there are fewer than
 * `enough` days.
 */
export async function historyOf(
  db: Db,
  projectId: number,
  calendar: Calendar,
  today: string,
  span: number,
  enough: number,
): Promise<History> {
  const began = await firstMoveOfProject(db, projectId)
  if (began === undefined) return { from: null, to: null, samples: [], todayToo: false }
  const firstDay = dateAt(Date.parse(began), calendar)
  const windowBegins = addDays(today, -span)
  const from = firstDay > windowBegins ? firstDay : windowBegins
  const todayToo = daysUntil(from, today) < enough
  const to = todayToo ? today : addDays(today, -1)
  const since = new Date(beginOf(from, calendar)).toISOString()
  const events = await finishesOfProject(db, projectId, since)
  const { perDay: samples } = throughput(events, daysFrom(from, to, calendar))
  return { from, to, samples, todayToo }
}
