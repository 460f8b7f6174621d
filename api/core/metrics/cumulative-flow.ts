import { type BoardStatus, boardStatus } from '../entities/task.ts'
import { byDay, type Day } from './calendar.ts'
import type { ChartEvent } from './chart-event.ts'

export type TasksPerStatus = Record<BoardStatus, number>

/** Cards as they stood before the first event: open ones one by one, others as a number. */
export interface Standing {
  board_status: BoardStatus
  task_id: number | null
  started_at: string | null
  count: number
}

export interface OpenCard {
  status: BoardStatus
  startedAt: string | null
}

export interface Flow {
  /** Tasks per board status at the end of each day; of the last day, as far as the events go. */
  days: { date: string; tasks: TasksPerStatus }[]
  /** The cards that are neither done nor archived after the last event. */
  open: Map<number, OpenCard>
}

const nothing = () =>
  Object.fromEntries(boardStatus.options.map((status) => [status, 0])) as TasksPerStatus

/**
 * Cumulative flow: how many cards stood in each status, day after day. The gap between the lines of
 * two statuses is the work between them.
 */
export function cumulativeFlow(
  events: readonly ChartEvent[],
  days: readonly Day[],
  standing: readonly Standing[] = [],
): Flow {
  const tasks = nothing()
  const open = new Map<number, OpenCard>()
  /** Cards that were seen, with their status; closed ones of before are not among them. */
  const known = new Map<number, BoardStatus>()
  for (const { board_status, task_id, started_at, count } of standing) {
    tasks[board_status] += count
    if (task_id === null) continue
    known.set(task_id, board_status)
    open.set(task_id, { status: board_status, startedAt: started_at })
  }
  const apply = (event: ChartEvent) => {
    const id = event.entity_id
    const leaves = event.type === 'task.removed_from_sprint'
    const to = leaves ? null : event.board_status
    if (!leaves && to === null) return
    const from = known.get(id) ?? (event.type === 'task.status_changed' ? event.from_status : null)
    if (from !== null && (known.has(id) || tasks[from] > 0)) tasks[from]--
    known.delete(id)
    open.delete(id)
    if (to === null) return
    tasks[to]++
    known.set(id, to)
    if (to !== 'done' && to !== 'archived') {
      open.set(id, { status: to, startedAt: event.started_at })
    }
  }

  const sorted = byDay(events, days)
  sorted.before.forEach(apply)
  const rows = days.map(({ date }, n) => {
    sorted.days[n]?.forEach(apply)
    if (n === days.length - 1) sorted.after.forEach(apply)
    return { date, tasks: { ...tasks } }
  })
  return { days: rows, open }
}
