import type { SyncConflict } from '../../core/entities/conflict.ts'
import type { Sprint } from '../../core/entities/sprint.ts'
import type { Task } from '../../core/entities/task.ts'
import { type NewConflict, recordConflicts, recordSprintConflicts } from '../../store/conflicts.ts'
import type { TaskRow } from '../../store/tasks.ts'
import type { Work } from '../runtime.ts'
import { aboutConflict } from './supersede.ts'

/** Both sides, and who brought them apart where that is not the caller. */
type Sides = Omit<NewConflict, 'project_id' | 'task_id' | 'actor'> & { actor?: string }

/** Keeps both sides of a disagreement; one that is known already is not told again. */
export async function recordConflict(work: Work, task: TaskRow, sides: Sides): Promise<void> {
  return recordConflictsOf(work, [{ task, sides }])
}

export async function recordConflictsOf(
  work: Work,
  found: readonly { task: Pick<Task, 'id' | 'project_id' | 'sprint_id'>; sides: Sides }[],
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
  await tellRecorded(
    work,
    recorded.map((conflict) => ({
      conflict,
      sprint_id: tasks.get(conflict.task_id ?? 0)?.sprint_id ?? null,
    })),
  )
}

/** Keeps both sides of what a sprint's own file says otherwise than the database. */
export async function recordConflictsOfSprints(
  work: Work,
  found: readonly { sprint: Sprint; sides: Sides }[],
): Promise<void> {
  const recorded = await recordSprintConflicts(
    work.tx,
    found.map(({ sprint, sides }) => ({
      actor: work.caller.actor,
      ...sides,
      project_id: sprint.project_id,
      of_sprint_id: sprint.id,
    })),
  )
  await tellRecorded(
    work,
    recorded.map(({ of_sprint_id, ...conflict }) => ({ conflict, sprint_id: of_sprint_id })),
  )
}

async function tellRecorded(
  work: Work,
  recorded: readonly { conflict: SyncConflict; sprint_id: number | null }[],
): Promise<void> {
  await work.record(
    ...recorded.map(({ conflict, sprint_id }) => ({
      type: 'conflict.recorded' as const,
      ...aboutConflict(conflict, sprint_id),
      project_id: conflict.project_id,
      sprint_id,
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
