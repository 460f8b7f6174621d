import { reopenSprint as command } from '../../commands/sprints.ts'
import { conflict, found } from '../../core/errors.ts'
import { lockSprint, updateSprint } from '../../store/sprints.ts'
import { mutation } from '../mutation.ts'

/**
 * Opens an ended sprint again. Start and commitment stay, and so does the place of what was carried
 * over; the report is gone from the sprint (its event keeps it) until the next close makes another.
 */
export const reopenSprint = mutation(command, async (work, { sprint_id, reason }) => {
  const sprint = found(await lockSprint(work.tx, sprint_id), 'sprint', sprint_id)
  if (sprint.status === 'active') {
    work.nothingChanged()
    return sprint
  }
  if (sprint.status !== 'completed' && sprint.status !== 'failed') {
    throw conflict(
      'sprint_transition',
      `Sprint ${sprint.code} is ${sprint.status}; only a completed or failed sprint can be reopened.`,
    )
  }
  const reopened = await updateSprint(work.tx, sprint_id, {
    status: 'active',
    completed_at: null,
    report: null,
  })
  await work.record({
    type: 'sprint.reopened',
    entity_type: 'sprint',
    entity_id: sprint_id,
    project_id: sprint.project_id,
    sprint_id,
    payload: { reason, from: sprint.status },
  })
  return reopened
})
