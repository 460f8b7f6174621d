import { type BoardStatus, boardStatus } from '../entities/task.ts'
import { byDay, type Day } from './calendar.ts'
import type { ChartEvent } from './chart-event.ts'

export type TasksPerStatus = Record<BoardStatus, number>

/** Tasks per board status at the end of a day; of the last day, as far as the events go. */
export interface FlowDay {
  date: string
  tasks: TasksPerStatus
}

const nothing = () =>
  Object.fromEntries(boardStatus.options.map((status) => [status, 0])) as TasksPerStatus

/**
 * Cumulative flow: how many cards stood in each status, day after day. The gap between the lines of
 * two statuses is the work between them. `standing` tells how many stood there before the events.
 */
export function cumulativeFlow(
  events: readonly ChartEvent[],
  days: readonly Day[],
  standing: Partial<TasksPerStatus> = {},
): FlowDay[] {
  const tasks = { ...nothing(), ...standing }
  /** The cards that these events are about, with their status. */
  const known = new Map<number, BoardStatus>()
  const apply = (event: ChartEvent) => {
    const id = event.entity_id
    const leaves = event.type === 'task.removed_from_sprint'
    const to = leaves ? null : event.board_status
    if (!leaves && to === null) return
    const from = known.get(id) ?? (event.type === 'task.status_changed' ? event.from_status : null)
    if (from !== null && (known.has(id) || tasks[from] > 0)) tasks[from]--
    known.delete(id)
    if (to === null) return
    tasks[to]++
    known.set(id, to)
  }

  const sorted = byDay(events, days)
  sorted.before.forEach(apply)
  return days.map(({ date }, n) => {
    sorted.days[n]?.forEach(apply)
    if (n === days.length - 1) sorted.after.forEach(apply)
    return { date, tasks: { ...tasks } }
  })
}
