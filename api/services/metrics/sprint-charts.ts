import {
  getSprintBurndown as downCommand,
  getSprintBurnup as upCommand,
} from '../../commands/metrics.ts'
import type { Burndown } from '../../core/entities/charts.ts'
import { found } from '../../core/errors.ts'
import { burndown, guideline, sprintDaysOff } from '../../core/metrics/burndown.ts'
import { burnup } from '../../core/metrics/burnup.ts'
import { calendarOf } from '../../core/metrics/calendar.ts'
import { ledgerOf, type SprintLedger } from '../../core/metrics/sprint-ledger.ts'
import { shareOf } from '../../core/metrics/velocity-history.ts'
import { chartEventsOfSprint } from '../../store/chart-events.ts'
import { type Db, nowOf } from '../../store/database.ts'
import { findProject } from '../../store/projects.ts'
import { findSprint } from '../../store/sprints.ts'
import { cardNames } from '../../store/tasks.ts'
import { query } from '../query.ts'
import type { Read } from '../runtime.ts'
import { named } from './named.ts'
import { neverStarted } from './never-started.ts'

const iso = (at: number) => new Date(at).toISOString()
const isoOrNull = (at: number | null) => (at === null ? null : iso(at))

async function readLedger(db: Db, sprintId: number) {
  const sprint = found(await findSprint(db, sprintId), 'sprint', sprintId)
  const project = found(await findProject(db, sprint.project_id), 'project', sprint.project_id)
  const ledger = ledgerOf(await chartEventsOfSprint(db, sprintId))
  const calendar = calendarOf(project.settings)
  const now = Date.parse(await nowOf(db))
  const frame = {
    sprint_id: sprintId,
    status: sprint.status,
    reason: ledger.startedAt === null ? neverStarted(sprint) : null,
    time_zone: calendar.timeZone,
    started_at: isoOrNull(ledger.startedAt),
    planned_end: isoOrNull(ledger.plannedEnd),
    closed_at: isoOrNull(ledger.closedAt),
    days_off: sprintDaysOff(ledger, calendar, now).map(({ from, to }) => ({
      from: iso(from),
      to: iso(to),
    })),
    committed_points: ledger.committed,
    scope_changes: await changesIn(db, ledger),
  }
  return { ledger, calendar, frame, now }
}

async function changesIn(db: Db, { scopeChanges }: SprintLedger) {
  const names = await cardNames(db, [...new Set(scopeChanges.map(({ taskId }) => taskId))])
  return scopeChanges.map(({ at, taskId, ...change }) => ({
    at: iso(at),
    ...named(names, taskId),
    ...change,
  }))
}

export async function burndownOf(
  { db }: Pick<Read, 'db'>,
  { sprint_id }: { sprint_id: number },
): Promise<Burndown> {
  const { ledger, calendar, frame, now } = await readLedger(db, sprint_id)
  const line = burndown(ledger, now)
  const { committed, completed, completedInitial } = ledger
  return {
    ...frame,
    done_before_start_points: ledger.doneBeforeStart,
    scope_change_points: ledger.scopeChanges.reduce((sum, { points }) => sum + points, 0),
    completed_points: completed,
    completed_initial_points: completedInitial,
    say_do: shareOf(completedInitial, committed),
    predictability: shareOf(completed, committed),
    remaining_points: line.at(-1)?.remaining ?? 0,
    unestimated_tasks: ledger.unestimated,
    points: line.map(({ at, scopeChange, ...point }) => ({
      at: iso(at),
      ...point,
      scope_change: scopeChange,
    })),
    guideline: guideline(ledger, calendar).map((point) => ({ ...point, at: iso(point.at) })),
  }
}

export const getSprintBurndown = query(downCommand, burndownOf)

export const getSprintBurnup = query(upCommand, async ({ db }, { sprint_id }) => {
  const { ledger, frame, now } = await readLedger(db, sprint_id)
  return {
    ...frame,
    points: burnup(ledger, now).map((point) => ({ ...point, at: iso(point.at) })),
  }
})
