import type { SprintReport, SprintVelocityOut } from './entities/sprint.ts'

/** Sums of story points over the tasks of a sprint, as the store reads them. */
export interface PointTotals {
  /** Not archived, not skipped. */
  total: number
  /** Of those, done now. */
  completed: number
  /** Of those, done before the sprint started or at a time nobody knows; 0 while it has not. */
  completedBeforeStart: number
}

/** The totals that a sprint closed with: what was carried over is still of them. */
export function totalsAtClose(report: SprintReport): PointTotals {
  const total = report.committed_points + report.scope_change_points
  const completed = total - report.carried_over_points
  return { total, completed, completedBeforeStart: completed - report.completed_points }
}

/** `completion_rate` runs from 0 to 1 and is 0 for an empty sprint. */
export function velocityOf(sprintId: number, points: PointTotals): SprintVelocityOut {
  return {
    sprint_id: sprintId,
    velocity_actual: points.completed - points.completedBeforeStart,
    total_points: points.total,
    completed_points: points.completed,
    completion_rate: points.total === 0 ? 0 : points.completed / points.total,
  }
}
