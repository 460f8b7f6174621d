import { getProjectForecast, getProjectVelocity } from '../../commands/metrics.ts'
import { getStatusReport as command } from '../../commands/reports.ts'
import type { AdrStatus } from '../../core/entities/adr.ts'
import type { Forecast } from '../../core/entities/charts.ts'
import type { Project } from '../../core/entities/project.ts'
import type { Sprint } from '../../core/entities/sprint.ts'
import type { ReportedCards, StatusReport } from '../../core/entities/status-report.ts'
import { found, invalid } from '../../core/errors.ts'
import { statusMarkdown } from '../../core/report/markdown.ts'
import { type Db, nowOf } from '../../store/database.ts'
import { findSprint } from '../../store/sprints.ts'
import * as store from '../../store/status-report.ts'
import { transaction } from '../../store/transaction.ts'
import { projectForecastOf, sprintForecastOf } from '../metrics/forecast.ts'
import { burndownOf } from '../metrics/sprint-charts.ts'
import { projectVelocityOf } from '../metrics/velocity.ts'
import { projectToRead } from '../project/implied.ts'
import { query } from '../query.ts'
import type { Caller } from '../runtime.ts'
import { sameProject } from '../sprint/guard.ts'
import { sprintVelocityOf } from '../sprint/read.ts'

const week = 7 * 24 * 60 * 60 * 1000
/** Of each list, so that a report stays small whatever the size of the board. */
const shown = 50

interface Asked {
  project_id?: number | undefined
  sprint_id?: number | undefined
  since?: string | undefined
}

/** Everything in it is as of one moment. */
export const getStatusReport = query(command, async ({ runtime, caller }, { format, ...asked }) => {
  const report = await transaction(runtime.db, (tx) => reportOf(tx, caller, asked), {
    readsAlone: true,
  })
  return format === 'json'
    ? { markdown: null, report }
    : { markdown: statusMarkdown(report), report: null }
})

async function reportOf(
  db: Db,
  caller: Caller,
  { project_id, sprint_id, since }: Asked,
): Promise<StatusReport> {
  const project = await projectToRead(db, caller, project_id, sprint_id)
  const sprint =
    sprint_id === undefined ? null : found(await findSprint(db, sprint_id), 'sprint', sprint_id)
  if (sprint) sameProject(`Sprint ${sprint.code}`, sprint.project_id, project.id)
  const as_of = await nowOf(db)
  if (since !== undefined && since > as_of) throw invalid('since', 'past', 'must not lie ahead')
  const from = since ?? beginOf(sprint, as_of)
  const of = sprint ? { sprint_id: sprint.id } : { project_id: project.id }

  const totals = await store.totalsOf(db, of, from)
  const next = listed(await store.readyTasks(db, of, shown))
  const adrs = await store.adrsSince(db, project.id, from, shown)
  return {
    project_id: project.id,
    project: project.name,
    sprint: sprint && headOf(sprint),
    since: from,
    as_of,
    done: listed(await store.doneSince(db, of, from, shown)),
    in_progress: listed(await store.tasksIn(db, of, ['in_progress', 'review', 'testing'], shown)),
    blocked: listed(await store.tasksIn(db, of, ['blocked'], shown)),
    next,
    waiting: totals.todo - next.count,
    metrics: {
      ...(await metricsOf(db, project, sprint)),
      bugs: { reported: totals.bugs_reported, open: totals.bugs_open },
    },
    decisions: {
      count: adrs[0]?.count ?? 0,
      adrs: adrs.map(({ number, title, status }) => ({
        ...{ number, title, status: status as AdrStatus },
      })),
    },
  }
}

const beginOf = (sprint: Sprint | null, now: string): string =>
  sprint ? (sprint.started_at ?? sprint.created_at) : new Date(Date.parse(now) - week).toISOString()

const headOf = ({ id, code, name, goal, status, end_date }: Sprint) => ({
  ...{ sprint_id: id, code, name, goal: goal?.slice(0, 1000).toWellFormed() ?? null },
  ...{ status, end_date },
})

function listed(rows: Awaited<ReturnType<typeof store.doneSince>>): ReportedCards {
  const { count = 0, points = 0 } = rows[0] ?? {}
  return { count, points, tasks: rows.map(({ count: _, points: __, ...card }) => card) }
}

/** The figures of the verbs of the same names, as these answer without further wishes. */
async function metricsOf(db: Db, project: Project, sprint: Sprint | null) {
  const { last } = getProjectVelocity.query.parse({})
  const asked = getProjectForecast.query.parse({})
  const velocity = await projectVelocityOf({ db }, { project_id: project.id, last })
  const forecast = sprint
    ? await sprintForecastOf({ db }, { sprint_id: sprint.id, ...asked })
    : await projectForecastOf({ db }, { project_id: project.id, ...asked })
  const { mean, min, max, sprints_counted } = velocity
  return {
    sprint: sprint && (await sprintVelocityOf({ db }, { sprint_id: sprint.id })),
    burndown: sprint?.started_at ? await burndownFigures(db, sprint.id) : null,
    velocity:
      mean === null || min === null || max === null ? null : { mean, min, max, sprints_counted },
    forecast: foreseen(forecast),
  }
}

async function burndownFigures(db: Db, sprintId: number) {
  const { committed_points, completed_points, scope_change_points, remaining_points } =
    await burndownOf({ db }, { sprint_id: sprintId })
  return { committed_points, completed_points, scope_change_points, remaining_points }
}

const foreseen = ({ confidence, when }: Forecast) =>
  confidence === 'none' || when === null ? null : { confidence, p50: when.p50, p85: when.p85 }
