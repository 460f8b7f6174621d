import type { Conflict } from '../../core/entities/conflict.ts'
import {
  supersedeByFile as byFile,
  supersedeByHand as byHand,
  supersedeByStep as byStep,
  type StandingCard,
} from '../../store/conflicts.ts'
import type { Work } from '../runtime.ts'

/** Card and step agree on these columns now: what they disagreed about is over. */
export async function supersedeByStep(work: Work, cards: readonly StandingCard[]): Promise<void> {
  await tellResolved(work, await byStep(work.tx, cards, work.caller.actor))
}

/** A card was moved and its step follows: an older wish of where it should stand is over. */
export async function supersedeByHand(work: Work, taskId: number): Promise<void> {
  await tellResolved(work, await byHand(work.tx, taskId, work.caller.actor))
}

/** Board and file say the same of these tasks now, or the file was taken on purpose. */
export async function supersedeByFile(
  work: Work,
  taskIds: readonly number[],
  resolution: 'superseded' | 'other' = 'superseded',
): Promise<void> {
  await tellResolved(work, await byFile(work.tx, taskIds, resolution, work.caller.actor))
}

/** What a conflict is about, as events name it: a task, or else the sprint itself. */
export const aboutConflict = ({ task_id }: Pick<Conflict, 'task_id'>, sprintId: number | null) =>
  task_id === null
    ? { entity_type: 'sprint', entity_id: sprintId ?? 0 }
    : { entity_type: 'task', entity_id: task_id }

export async function tellResolved(work: Work, conflicts: readonly Conflict[]): Promise<void> {
  await work.record(
    ...conflicts.map((conflict) => ({
      type: 'conflict.resolved' as const,
      ...aboutConflict(conflict, conflict.sprint_id),
      project_id: conflict.project_id,
      sprint_id: conflict.sprint_id,
      payload: {
        conflict_id: conflict.id,
        field: conflict.field,
        source: conflict.source,
        board: conflict.board_value,
        other: conflict.other_value,
        side: conflict.resolution ?? 'superseded',
      },
    })),
  )
}
