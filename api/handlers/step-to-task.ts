import { catalogue } from '../core/events/catalogue.ts'
import { cardOf } from '../core/status.ts'
import { recordConflict } from '../services/conflict/record.ts'
import { holdSprints, isClosed } from '../services/sprint/guard.ts'
import { changeTasks } from '../services/task/change.ts'
import { findTask, lockTask } from '../store/tasks.ts'
import type { Handler } from './handler.ts'

/** A step entered a status: its card follows, unless it has seen a newer one already. */
export const stepToTask: Handler = {
  name: 'step_to_task',
  coalesce: false,
  async handle(work, event) {
    const moved = catalogue['step.started'].parse(event.payload)
    if (moved.linked_task_id === null) return
    const seen = await findTask(work.tx, moved.linked_task_id)
    if (!seen) return
    const sprints = await holdSprints(work.tx, [seen.sprint_id])
    const before = await lockTask(work.tx, seen.id)
    if (!before || moved.version <= (before.step_version ?? 0)) return

    const card = cardOf({ status: moved.to, status_reason: moved.reason })
    if ([...sprints.values()].some(isClosed)) {
      if (card.board_status === before.board_status) return
      await recordConflict(work, before, {
        source: 'protocol',
        field: 'board_status',
        step_run_id: before.step_run_id,
        base_value: before.board_status,
        board_value: before.board_status,
        other_value: moved.to,
      })
      return
    }
    const after = { ...before, ...card, step_version: moved.version }
    await changeTasks(work, [{ before, after }], 'step')
  },
}
