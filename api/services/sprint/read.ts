import {
  listSprintArtifacts as artifactsCommand,
  getSprint as getCommand,
  listSprints as listCommand,
  listSprintTasks as tasksCommand,
  getSprintVelocity as velocityCommand,
} from '../../commands/sprints.ts'
import { found } from '../../core/errors.ts'
import { totalsAtClose, velocityOf } from '../../core/velocity.ts'
import { listSprintArtifacts as artifacts } from '../../store/artifacts.ts'
import { findSprint, listSprints as list, pointsOfSprint } from '../../store/sprints.ts'
import { listTasks } from '../../store/tasks.ts'
import { query } from '../query.ts'
import type { Read } from '../runtime.ts'

export const listSprints = query(listCommand, ({ db }, filter) => list(db, filter))

export const getSprint = query(getCommand, async ({ db }, { sprint_id }) =>
  found(await findSprint(db, sprint_id), 'sprint', sprint_id),
)

export const listSprintTasks = query(tasksCommand, async ({ db }, filter) => {
  found(await findSprint(db, filter.sprint_id), 'sprint', filter.sprint_id)
  return listTasks(db, filter)
})

export const listSprintArtifacts = query(
  artifactsCommand,
  async ({ db }, { sprint_id, ...page }) => {
    found(await findSprint(db, sprint_id), 'sprint', sprint_id)
    return artifacts(db, sprint_id, page)
  },
)

/** A closed sprint keeps the figures it closed with, as its report and its charts do. */
export async function sprintVelocityOf(
  { db }: Pick<Read, 'db'>,
  { sprint_id }: { sprint_id: number },
) {
  const { report } = found(await findSprint(db, sprint_id), 'sprint', sprint_id)
  const points = report ? totalsAtClose(report) : await pointsOfSprint(db, sprint_id)
  return velocityOf(sprint_id, found(points, 'sprint', sprint_id))
}

export const getSprintVelocity = query(velocityCommand, sprintVelocityOf)
