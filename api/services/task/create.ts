import type { InputOf } from '../../commands/command.ts'
import { createTask as command } from '../../commands/tasks.ts'
import type { Task } from '../../core/entities/task.ts'
import { found, invalid } from '../../core/errors.ts'
import { positionBehind } from '../../core/ordering.ts'
import { findProject } from '../../store/projects.ts'
import { lastPosition } from '../../store/task-order.ts'
import { seen } from '../../store/tasks.ts'
import { mutation } from '../mutation.ts'
import type { Work } from '../runtime.ts'
import { holdSprints, overridesEnd, sameProject } from '../sprint/guard.ts'
import { makeTasks } from './change.ts'
import { tellOverride } from './editable.ts'

export const createTask = mutation(command, (work, input) => makeTask(work, input))

/** Makes one task by hand, last in its sprint or in the backlog. */
export async function makeTask(work: Work, input: InputOf<typeof command>): Promise<Task> {
  const { project_id, sprint_id = null, board_status, override_reason, ...fields } = input
  found(await findProject(work.tx, project_id), 'project', project_id)
  let overridden = false
  if (sprint_id !== null) {
    const sprint = found(
      (await holdSprints(work.tx, [sprint_id])).get(sprint_id),
      'sprint',
      sprint_id,
    )
    sameProject(`Sprint ${sprint.code}`, sprint.project_id, project_id)
    overridden = overridesEnd(sprint, work.caller, override_reason)
  } else if (board_status !== undefined && board_status !== 'backlog') {
    throw invalid('board_status', 'no_orphan_task', 'a task without a sprint is in the backlog')
  }
  const given = Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== undefined),
  )
  const [task] = await makeTasks(
    work,
    project_id,
    [
      {
        ...given,
        title: input.title,
        code: input.code,
        sprint_id,
        position: positionBehind(await lastPosition(work.tx, { project_id, sprint_id })),
        board_status: board_status ?? (sprint_id === null ? 'backlog' : 'todo'),
      },
    ],
    'hand',
  )
  const made = found(task, 'task', input.code ?? input.title)
  if (overridden && sprint_id !== null) {
    await tellOverride(work, { ...made, sprint_id }, override_reason ?? '')
  }
  return seen(made)
}
