import * as z from 'zod'
import {
  Burndown,
  Burnup,
  boardColumns,
  Flow,
  Forecast,
  ProjectVelocity,
} from '../core/entities/charts.ts'
import { asTable, byProject, bySprint, command, type Table } from './command.ts'

const burndownTable: Table<Burndown> = {
  columns: ['at', 'remaining', 'scope', 'done', 'scope_change'],
  rows: ({ points }) => points,
}
const flowTable: Table<Flow> = {
  columns: ['date', ...boardColumns, 'work_in_progress', 'throughput'],
  rows: ({ days }) => days,
}
const flowLists: Record<string, Table<Flow>> = {
  cycle_times: {
    columns: ['task_id', 'code', 'title', 'started_at', 'completed_at', 'days'],
    rows: ({ cycle_times }) => cycle_times,
  },
  ages: {
    columns: ['task_id', 'code', 'title', 'board_status', 'started_at', 'days'],
    rows: ({ ages }) => ages,
  },
}
const flowAsTable = {
  ...asTable,
  list: z
    .enum(['days', 'cycle_times', 'ages'])
    .optional()
    .meta({ description: 'which of its lists the CSV holds; default: days' }),
}
const velocityColumns = [
  'sprint_id',
  'code',
  'name',
  'started_at',
  'completed_at',
  'committed_points',
  'completed_points',
  'completed_initial_points',
  'say_do',
  'predictability',
  'scope_change_points',
  'carried_over_points',
  'unestimated_tasks',
]
const forecastTable: Table<Forecast> = {
  columns: ['question', 'by', 'p50', 'p85', 'p95'],
  rows: ({ when, how_many }) => [
    ...(when ? [{ question: 'when', ...when }] : []),
    ...(how_many ? [{ question: 'how_many', ...how_many }] : []),
  ],
}

/** An empty field of a form is no 0. */
const whole = (min: number, max: number) =>
  z.preprocess(
    (text) => (text === '' ? undefined : text),
    z.coerce.number('must be a whole number').int('must be a whole number').min(min).max(max),
  )
const forecastQuery = z.object({
  ...asTable,
  seed: whole(0, 2 ** 32 - 1)
    .optional()
    .meta({ description: 'default: follows from the data' }),
  remaining_min: whole(0, 100_000).optional(),
  remaining_max: whole(0, 100_000)
    .optional()
    .meta({ description: 'a range of tasks left; default: the unfinished ones' }),
  history_days: whole(1, 365).default(90).meta({ description: 'days of history to draw from' }),
  by: z.iso.date().optional().meta({ description: 'how many by then; default: the planned end' }),
})

export const getSprintBurndown = command({
  name: 'sprint.burndown',
  summary: 'Remaining points of a sprint over time, with scope changes and guideline',
  scope: 'read',
  method: 'get',
  path: '/sprints/:sprint_id/burndown',
  params: bySprint,
  query: z.object(asTable),
  output: Burndown,
  table: burndownTable,
})

export const getSprintBurnup = command({
  name: 'sprint.burnup',
  summary: 'Scope and completed points of a sprint over time',
  scope: 'read',
  method: 'get',
  path: '/sprints/:sprint_id/burnup',
  params: bySprint,
  query: z.object(asTable),
  output: Burnup,
  table: { columns: ['at', 'scope', 'completed'], rows: ({ points }) => points },
})

export const getSprintFlow = command({
  name: 'sprint.flow',
  summary: 'Tasks of a sprint per status and day, throughput, cycle times, ages',
  scope: 'read',
  method: 'get',
  path: '/sprints/:sprint_id/flow',
  params: bySprint,
  query: z.object(flowAsTable),
  output: Flow,
  table: flowTable,
  lists: flowLists,
})

export const getSprintForecast = command({
  name: 'sprint.forecast',
  summary: 'When the tasks of a sprint will be done, and how many by a date',
  scope: 'read',
  method: 'get',
  path: '/sprints/:sprint_id/forecast',
  tool: 'orchestration_forecast',
  cli: 'sprint forecast',
  params: bySprint,
  query: forecastQuery,
  output: Forecast,
  table: forecastTable,
})

export const getProjectVelocity = command({
  name: 'project.velocity',
  summary: 'Velocity over the last closed sprints of a project, with its spread',
  scope: 'read',
  method: 'get',
  path: '/projects/:project_id/velocity',
  params: byProject,
  query: z.object({ ...asTable, last: whole(1, 100).default(3) }),
  output: ProjectVelocity,
  table: { columns: velocityColumns, rows: ({ sprints }) => sprints },
})

export const getProjectFlow = command({
  name: 'project.flow',
  summary: 'Tasks of a project per status and day, throughput, cycle times, ages',
  scope: 'read',
  method: 'get',
  path: '/projects/:project_id/flow',
  params: byProject,
  query: z.object({
    ...flowAsTable,
    days: whole(1, 366).default(30).meta({ description: 'days up to today' }),
  }),
  output: Flow,
  table: flowTable,
  lists: flowLists,
})

export const getProjectForecast = command({
  name: 'project.forecast',
  summary: 'When the unfinished tasks of a project will be done, and how many by a date',
  scope: 'read',
  method: 'get',
  path: '/projects/:project_id/forecast',
  params: byProject,
  query: forecastQuery,
  output: Forecast,
  table: forecastTable,
})
