import { isDeepStrictEqual } from 'node:util'
import { velocityOf } from '../core/velocity.ts'
import { isClosed } from '../services/sprint/guard.ts'
import { latestPayload } from '../store/events.ts'
import { lockSprintToCount, pointsOfSprint, updateSprint } from '../store/sprints.ts'
import type { Handler } from './handler.ts'

/** Tasks of a sprint changed: its velocity is counted anew, and told where it differs. */
export const taskToVelocity: Handler = {
  name: 'task_to_velocity',
  takes: 'newest',
  atOnce: 2,
  async handle(work, [event]) {
    // Locked, so that a sprint which closes meanwhile is not overwritten with an older count.
    const { sprint_id } = event
    const sprint = sprint_id === null ? undefined : await lockSprintToCount(work.tx, sprint_id)
    const points = sprint && (await pointsOfSprint(work.tx, sprint.id))
    // A closed sprint keeps the velocity it closed with.
    if (!sprint || !points || isClosed(sprint)) return
    const { sprint_id: _, ...velocity } = velocityOf(sprint.id, points)
    const told = await latestPayload(work.tx, 'sprint', sprint.id, 'sprint.velocity_updated')
    if (isDeepStrictEqual(told, velocity)) return
    if (sprint.velocity_actual !== velocity.velocity_actual) {
      await updateSprint(work.tx, sprint.id, { velocity_actual: velocity.velocity_actual })
    }
    await work.record({
      type: 'sprint.velocity_updated',
      entity_type: 'sprint',
      entity_id: sprint.id,
      project_id: sprint.project_id,
      sprint_id: sprint.id,
      payload: velocity,
    })
  },
}
