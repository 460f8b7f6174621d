import { startSprint as command } from '../../commands/sprints.ts'
import type { Sprint } from '../../core/entities/sprint.ts'
import { conflict, found } from '../../core/errors.ts'
import { lockSprint, updateSprint } from '../../store/sprints.ts'
import { lockTasksOfSprint } from '../../store/tasks.ts'
import { mutation } from '../mutation.ts'
import type { Work } from '../runtime.ts'

export const startSprint = mutation(command, async (work, { sprint_id }) => {
  const sprint = found(await lockSprint(work.tx, sprint_id), 'sprint', sprint_id)
  if (sprint.status === 'active') {
    work.nothingChanged()
    return sprint
  }
  if (sprint.status !== 'planning') {
    throw conflict(
      'sprint_transition',
      `Sprint ${sprint.code} is ${sprint.status}; only a sprint in planning can start.`,
    )
  }
  return begin(work, sprint, 'now')
})

/**
 * Fixes the commitment: what is in the sprint now, whatever is added later. Postgres reads "now" as
 * the time of the transaction: by its clock, too, tasks are done before the start or after it.
 */
export async function begin(work: Work, sprint: Sprint, startedAt: string): Promise<Sprint> {
  const tasks = await lockTasksOfSprint(work.tx, sprint.id)
  const committed = tasks.filter((task) => task.board_status !== 'archived' && !task.skipped)
  const committed_points = committed.reduce((sum, task) => sum + (task.story_points ?? 0), 0)
  const started = await updateSprint(work.tx, sprint.id, {
    status: 'active',
    started_at: startedAt,
    committed_points,
  })
  await work.record({
    type: 'sprint.started',
    entity_type: 'sprint',
    entity_id: sprint.id,
    project_id: sprint.project_id,
    sprint_id: sprint.id,
    payload: {
      committed_points,
      committed_tasks: committed.map((task) => task.id),
      started_at: started.started_at,
      end_date: started.end_date,
    },
  })
  return started
}
