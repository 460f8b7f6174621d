import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import { get } from '../api/request.ts'
import type { Burndown, Burnup, Flow, Forecast, ProjectVelocity } from '../api/types.ts'

/** What a chart is of, as the API's addresses name it. */
export type Subject = { sprintId: number } | { projectId: number }

export const pathOf = (of: Subject) =>
  'sprintId' in of ? `/sprints/${of.sprintId}` : `/projects/${of.projectId}`

export interface ForecastQuestion {
  remaining_min?: string
  remaining_max?: string
  by?: string
  history_days?: string
  seed?: string
}

const chartQuery = <T>(path: string, query: Record<string, string | number> = {}) =>
  queryOptions({
    queryKey: ['charts', path, query],
    queryFn: ({ signal }) => get<T>(path, query, signal),
    placeholderData: keepPreviousData,
  })

export const burndownQuery = (sprintId: number) =>
  chartQuery<Burndown>(`/sprints/${sprintId}/burndown`)
export const burnupQuery = (sprintId: number) => chartQuery<Burnup>(`/sprints/${sprintId}/burnup`)
export const sprintFlowQuery = (sprintId: number) => chartQuery<Flow>(`/sprints/${sprintId}/flow`)
export const projectFlowQuery = (projectId: number, days: number) =>
  chartQuery<Flow>(`/projects/${projectId}/flow`, { days })
export const velocityChartQuery = (projectId: number, last: number) =>
  chartQuery<ProjectVelocity>(`/projects/${projectId}/velocity`, { last })
export const forecastQuery = (of: Subject, question: ForecastQuestion) =>
  chartQuery<Forecast>(`${pathOf(of)}/forecast`, { ...question })
