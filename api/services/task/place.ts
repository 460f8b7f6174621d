import { placeTasks as command } from '../../commands/tasks.ts'
import { conflict, found, invalid } from '../../core/errors.ts'
import { placeAmong } from '../../core/ordering.ts'
import { lockOrder, type TaskList } from '../../store/task-order.ts'
import { findTask, lockTasks, type TaskRow } from '../../store/tasks.ts'
import { mutation } from '../mutation.ts'
import type { Work } from '../runtime.ts'
import { sameProject } from '../sprint/guard.ts'
import { changeTasks } from './change.ts'
import { editTasks } from './edit-many.ts'

/**
 * Puts tasks into the order of their list. It has one order for all its columns, and whoever places
 * tasks there takes turns, so that everybody sees the same one.
 */
export const placeTasks = mutation(command, async (work, input) => {
  const { task_ids, before_task_id, after_task_id, expected, ...changes } = input
  const ids = new Set(task_ids)
  const anchor = before_task_id ?? after_task_id
  if (anchor !== undefined && ids.has(anchor)) {
    const field = before_task_id === undefined ? 'after_task_id' : 'before_task_id'
    throw invalid(field, 'place_beside_another', 'must not be one of the tasks to place')
  }
  const list = await listOf(work, anchor ?? task_ids[0] ?? 0, changes.sprint_id)
  const others = (await lockOrder(work.tx, list)).filter(({ id }) => !ids.has(id))
  const beside = others.findIndex(({ id }) => id === anchor)
  if (anchor !== undefined && beside === -1) {
    throw conflict(
      'place_in_one_list',
      `Task ${anchor} is not in the list that the tasks go to: give the sprint_id it is in.`,
    )
  }
  const at = anchor === undefined ? others.length : beside + (after_task_id === undefined ? 0 : 1)
  const positions = placeAmong(others, [...ids], at)

  const wanted = (id: number) => ({
    ...changes,
    sprint_id: list.sprint_id,
    position: positions.get(id),
  })
  const pushed = new Map([...positions].filter(([id]) => !ids.has(id)))
  const { updated, refused, warnings } = await editTasks(work, [...ids], wanted, expected, [
    ...pushed.keys(),
  ])
  if (refused[0]) throw refused[0].error
  for (const task of updated) sameProject(`Task ${task.code}`, task.project_id, list.project_id)
  await renumber(work, pushed)
  return { updated, warnings }
})

/** The list that is ordered: the one asked for, else the one in which this task stands. */
async function listOf(
  work: Work,
  taskId: number,
  sprintId: number | null | undefined,
): Promise<TaskList> {
  const { project_id, sprint_id } = found(await findTask(work.tx, taskId), 'task', taskId)
  return { project_id, sprint_id: sprintId === undefined ? sprint_id : sprintId }
}

async function renumber(work: Work, positions: ReadonlyMap<number, number>): Promise<void> {
  const rows = await lockTasks(work.tx, [...positions.keys()])
  const changes = rows.flatMap((before) => {
    const position = positions.get(before.id)
    return position === undefined || position === before.position
      ? []
      : [{ before, after: { ...before, position, hand_set: heldInPlace(before) } }]
  })
  await changeTasks(work, changes, 'hand')
}

/** The plan of a run would put its card back on the next sync. */
const heldInPlace = ({ step_run_id, hand_set }: TaskRow) =>
  step_run_id === null ? hand_set : [...new Set([...hand_set, 'position'])]
