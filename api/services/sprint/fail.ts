import { failSprint as command } from '../../commands/sprints.ts'
import { conflict, found } from '../../core/errors.ts'
import { mutation } from '../mutation.ts'
import { closeSprint, lockToEnd, openTarget } from './close.ts'

/** Ends a sprint that missed its goal: reported and closed like a completed one, and told apart. */
export const failSprint = mutation(command, async (work, { sprint_id, reason, carry_over_to }) => {
  const { sprint, target: named } = await lockToEnd(work, sprint_id, carry_over_to)
  if (sprint.status === 'failed' && sprint.report) {
    work.nothingChanged()
    return { sprint, report: sprint.report }
  }
  if (sprint.status !== 'active') {
    throw conflict(
      'sprint_transition',
      `Sprint ${sprint.code} is ${sprint.status}; only an active sprint can fail. One that never started can be archived (DELETE /sprints/${sprint.id}).`,
    )
  }
  const target = openTarget(named, carry_over_to)
  const closed = await closeSprint(work, sprint, { status: 'failed', reason, target })
  return { sprint: closed, report: found(closed.report ?? undefined, 'report', closed.code) }
})
