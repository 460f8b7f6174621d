import { deleteSprint as command } from '../../commands/sprints.ts'
import type { Sprint } from '../../core/entities/sprint.ts'
import { conflict, found } from '../../core/errors.ts'
import { isLeft } from '../../core/sprint-report.ts'
import { protocolOfSprint } from '../../store/protocols.ts'
import { lockSprint, updateSprint } from '../../store/sprints.ts'
import { lockTasksOfSprint } from '../../store/tasks.ts'
import { mutation } from '../mutation.ts'
import type { Work } from '../runtime.ts'
import { changeTasks } from '../task/change.ts'
import { isClosed } from './guard.ts'

export const deleteSprint = mutation(command, async (work, { sprint_id }) => {
  const sprint = found(await lockSprint(work.tx, sprint_id), 'sprint', sprint_id)
  if (sprint.status === 'archived') {
    work.nothingChanged()
    return sprint
  }
  return archiveSprint(work, sprint)
})

/**
 * Sprints are history: deleting one archives it, and open work goes back to the backlog. One that has
 * ended keeps its report, and its run where it has one. The sprint is locked.
 */
export async function archiveSprint(work: Work, sprint: Sprint): Promise<Sprint> {
  const { id: sprint_id } = sprint
  const run = await protocolOfSprint(work.tx, sprint_id)
  if (run && !isClosed(sprint)) {
    throw conflict(
      'linked_sprint_stays',
      `Sprint ${sprint.code} is the sprint of protocol run ${run.id}; complete or fail it first.`,
    )
  }
  const tasks = await lockTasksOfSprint(work.tx, sprint_id)
  // Told first, so that what leaves afterwards is no change of its scope.
  await work.record({
    type: 'sprint.archived',
    entity_type: 'sprint',
    entity_id: sprint_id,
    project_id: sprint.project_id,
    sprint_id,
    payload: { code: sprint.code },
  })
  await changeTasks(
    work,
    tasks.filter(isLeft).map((before) => ({
      before,
      after: { ...before, sprint_id: null, board_status: 'backlog', blocked_reason: null },
    })),
    'sprint',
  )
  return updateSprint(work.tx, sprint_id, { status: 'archived' })
}
