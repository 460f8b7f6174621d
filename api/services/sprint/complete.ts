import { completeSprint as command } from '../../commands/sprints.ts'
import { found } from '../../core/errors.ts'
import { mutation } from '../mutation.ts'
import { closeSprint, lockToEnd, openTarget } from './close.ts'
import { refuseClosed } from './guard.ts'
import { begin } from './start.ts'

export const completeSprint = mutation(command, async (work, { sprint_id, carry_over_to }) => {
  const { sprint, target: named } = await lockToEnd(work, sprint_id, carry_over_to)
  if (sprint.status === 'completed' && sprint.report) {
    work.nothingChanged()
    return { sprint, report: sprint.report }
  }
  refuseClosed(sprint)
  const target = openTarget(named, carry_over_to)
  // A sprint that nobody started has run since it was made.
  const started =
    sprint.status === 'planning' ? await begin(work, sprint, sprint.created_at) : sprint
  const closed = await closeSprint(work, started, { status: 'completed', reason: null, target })
  return { sprint: closed, report: found(closed.report ?? undefined, 'report', closed.code) }
})
