import { found } from '../../core/errors.ts'
import { findTask, lockTask, type TaskRow } from '../../store/tasks.ts'
import { claimRefusals } from '../claim/guard.ts'
import type { Work } from '../runtime.ts'
import { holdSprints, overridesEnd, sameProject } from '../sprint/guard.ts'
import type { LockedStep } from '../step/locked.ts'
import { lockStepOf } from './drive-step.ts'

export interface Editable {
  before: TaskRow
  linked: LockedStep | null
}

interface Wish {
  /** The sprint it is to go into. */
  target?: number | null
  /** Why an admin changes what has ended. */
  overrideReason: string | undefined
}

/**
 * Locks a task to be changed by hand, with the run of its step, and holds its sprints open.
 * @throws DomainError `conflict` where one of them has ended, unless an admin says why
 */
export async function lockEditable(
  work: Work,
  taskId: number,
  { target = null, overrideReason }: Wish,
): Promise<Editable> {
  const known = found(await findTask(work.tx, taskId), 'task', taskId)
  const linked = await lockStepOf(work, known)
  // Asked at once, and answered in this order: what is claimed is known of a locked task.
  const [, locked, claimed] = await Promise.all([
    holdEditable(work, known, [known.sprint_id, target], overrideReason),
    lockTask(work.tx, taskId),
    claimRefusals(work, [taskId]),
  ])
  const before = found(locked, 'task', taskId)
  // Moved meanwhile: the sprint it is in now counts as well.
  if (before.sprint_id !== known.sprint_id) {
    await holdEditable(work, before, [before.sprint_id], overrideReason)
  }
  const refusal = claimed.get(taskId)
  if (refusal) throw refusal
  return { before, linked }
}

async function holdEditable(
  work: Work,
  task: Pick<TaskRow, 'id' | 'project_id'>,
  sprintIds: readonly (number | null)[],
  overrideReason: string | undefined,
): Promise<void> {
  const sprints = await holdSprints(work.tx, sprintIds)
  for (const sprint of sprints.values()) {
    sameProject(`Sprint ${sprint.code}`, sprint.project_id, task.project_id)
    if (overridesEnd(sprint, work.caller, overrideReason)) {
      await tellOverride(work, { ...task, sprint_id: sprint.id }, overrideReason)
    }
  }
}

export async function tellOverride(
  work: Work,
  task: { id: number; project_id: number; sprint_id: number },
  reason: string,
): Promise<void> {
  await work.record({
    type: 'task.overridden',
    entity_type: 'task',
    entity_id: task.id,
    project_id: task.project_id,
    sprint_id: task.sprint_id,
    payload: { reason, sprint_id: task.sprint_id },
  })
}
