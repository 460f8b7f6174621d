import { catalogue } from '../core/events/catalogue.ts'
import { cardOf } from '../core/status.ts'
import { recordConflict } from '../services/conflict/record.ts'
import { supersedeByStep } from '../services/conflict/supersede.ts'
import { leftForLater } from '../services/integration.ts'
import { lockCards } from '../services/lock.ts'
import { system, workOf } from '../services/runtime.ts'
import { isClosed } from '../services/sprint/guard.ts'
import { changeTasks, type TaskChange } from '../services/task/change.ts'
import type { StandingCard } from '../store/conflicts.ts'
import { findTasks } from '../store/tasks.ts'
import type { Handler } from './handler.ts'

/** Steps entered a status: their cards follow, unless they have seen a newer one already. */
export const stepToTask: Handler = {
  name: 'step_to_task',
  takes: 'many',
  atOnce: 3,
  async handle(work, events) {
    const moves = events.flatMap((event) => {
      const { linked_task_id, ...moved } = catalogue['step.started'].parse(event.payload)
      return linked_task_id === null ? [] : [{ ...moved, taskId: linked_task_id, cause: event }]
    })
    // A queue is of one run.
    const [{ project_id, protocol_run_id }] = events
    if (project_id === null || protocol_run_id === null || moves.length === 0) return
    if (await leftForLater(work, { id: protocol_run_id, project_id })) return
    const seen = await findTasks(work.tx, [...new Set(moves.map((move) => move.taskId))])
    const { rows: now, sprints } = await lockCards(work.tx, seen)
    const followed: StandingCard[] = []
    let changes: TaskChange[] = []
    const save = async () => {
      const saved = await changeTasks(work, changes, 'step')
      for (const task of saved) now.set(task.id, task)
      changes = []
    }
    for (const { taskId, cause, ...moved } of moves) {
      let before = now.get(taskId)
      if (!before || moved.version <= (before.step_version ?? 0)) continue
      const card = cardOf({ status: moved.to, status_reason: moved.reason })
      const sprint = before.sprint_id === null ? undefined : sprints.get(before.sprint_id)
      if (sprint && isClosed(sprint)) {
        const caused = workOf(work.tx, work.runtime, system(cause.correlation_id, cause.id))
        if (card.board_status === before.board_status) {
          await supersedeByStep(caused, [{ task_id: taskId, board_status: card.board_status }])
          continue
        }
        await recordConflict(caused, before, {
          source: 'protocol',
          field: 'board_status',
          step_run_id: before.step_run_id,
          base_value: before.board_status,
          board_value: before.board_status,
          other_value: moved.to,
          actor: cause.actor,
        })
        continue
      }
      // Back at the beginning, its times are gone; that must not be lost between two changes.
      if (before.board_status === 'todo' && changes.some((it) => it.after.id === taskId)) {
        await save()
        before = now.get(taskId) ?? before
      }
      const after = { ...before, ...card, step_version: moved.version }
      changes.push({ before, after, cause: { id: cause.id, correlation_id: cause.correlation_id } })
      now.set(taskId, after)
      followed.push({ task_id: taskId, board_status: after.board_status })
    }
    await save()
    await supersedeByStep(work, followed)
  },
}
