import { type NewConflict, recordConflicts } from '../../store/conflicts.ts'
import type { TaskRow } from '../../store/tasks.ts'
import type { Work } from '../runtime.ts'

/** Both sides, and who brought them apart where that is not the caller. */
type Sides = Omit<NewConflict, 'project_id' | 'task_id' | 'actor'> & { actor?: string }

/** Keeps both sides of a disagreement; one that is known already is not told again. */
export async function recordConflict(work: Work, task: TaskRow, sides: Sides): Promise<void> {
  return recordConflictsOf(work, [{ task, sides }])
}

export async function recordConflictsOf(
  work: Work,
  found: readonly { task: TaskRow; sides: Sides }[],
): Promise<void> {
  const recorded = await recordConflicts(
    work.tx,
    found.map(({ task, sides }) => ({
      actor: work.caller.actor,
      ...sides,
      project_id: task.project_id,
      task_id: task.id,
    })),
  )
  const tasks = new Map(found.map(({ task }) => [task.id, task]))
  await work.record(
    ...recorded.map((conflict) => ({
      type: 'conflict.recorded' as const,
      entity_type: 'task',
      entity_id: conflict.task_id,
      project_id: conflict.project_id,
      sprint_id: tasks.get(conflict.task_id)?.sprint_id ?? null,
      payload: {
        conflict_id: conflict.id,
        field: conflict.field,
        source: conflict.source,
        board: conflict.board_value,
        other: conflict.other_value,
      },
    })),
  )
}
