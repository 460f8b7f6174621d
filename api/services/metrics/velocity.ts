import type { InputOf } from '../../commands/command.ts'
import { getProjectVelocity as command } from '../../commands/metrics.ts'
import type { ProjectVelocity } from '../../core/entities/charts.ts'
import { found } from '../../core/errors.ts'
import { velocityOver } from '../../core/metrics/velocity-history.ts'
import { findProject } from '../../store/projects.ts'
import { lastClosedSprints } from '../../store/sprints.ts'
import { query } from '../query.ts'
import type { Read } from '../runtime.ts'

/** Of each sprint as its last close told it: what happens later is not of that sprint. */
export async function projectVelocityOf(
  { db }: Pick<Read, 'db'>,
  { project_id, last }: InputOf<typeof command>,
): Promise<ProjectVelocity> {
  found(await findProject(db, project_id), 'project', project_id)
  const sprints = (await lastClosedSprints(db, project_id, last)).flatMap(
    ({ report, ...sprint }) => (report === null ? [] : [{ sprint, report }]),
  )
  const spread = velocityOver(sprints.map(({ report }) => report.completed_points))
  return {
    project_id,
    sprints_counted: spread.sprints,
    mean: spread.mean,
    min: spread.min,
    max: spread.max,
    standard_deviation: spread.standardDeviation,
    reason: sprints.length === 0 ? 'No sprint of the project has been closed yet.' : null,
    sprints: sprints.map(({ sprint, report: { carried_over: _, ...report } }) => ({
      sprint_id: sprint.id,
      code: sprint.code,
      name: sprint.name,
      started_at: sprint.started_at,
      completed_at: sprint.completed_at,
      ...report,
    })),
  }
}

export const getProjectVelocity = query(command, projectVelocityOf)
