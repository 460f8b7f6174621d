import { type BoardStatus, boardStatus } from '../entities/task.ts'
import { byDay, type Day } from './calendar.ts'
import type { ChartEvent } from './chart-event.ts'

export type TasksPerStatus = Record<BoardStatus, number>

/** Tasks per board status at the end of a day; of the last day, as far as the events go. */
export interface FlowDay {
  date: string
  tasks: TasksPerStatus
}

/** Cards that went from one status to another on a day; null is where nobody counts them. */
export interface CardMoves {
  /** Index of the day. What came before the days is of the first, what came after of the last. */
  day: number
  from: BoardStatus | null
  to: BoardStatus | null
  cards: number
}

const nothing = () =>
  Object.fromEntries(boardStatus.options.map((status) => [status, 0])) as TasksPerStatus

/**
 * Cumulative flow: how many cards stood in each status, day after day. The gap between the lines of
 * two statuses is the work between them.
 */
export function cumulativeFlow(moves: readonly CardMoves[], days: readonly Day[]): FlowDay[] {
  const changes = days.map(nothing)
  for (const { day, from, to, cards } of moves) {
    const change = changes[day]
    if (change && from !== null) change[from] -= cards
    if (change && to !== null) change[to] += cards
  }
  const sums = nothing()
  return days.map(({ date }, day) => {
    const tasks = nothing()
    for (const status of boardStatus.options) {
      sums[status] += changes[day]?.[status] ?? 0
      // Where nobody told of a card being made, one leaves where none had come.
      tasks[status] = Math.max(0, sums[status])
    }
    return { date, tasks }
  })
}

/** The moves of the cards that entered a sprint, and left it, by its events. */
export function movesOf(events: readonly ChartEvent[], days: readonly Day[]): CardMoves[] {
  const standing = new Map<number, BoardStatus>()
  const { before, days: within, after } = byDay(events, days)
  const move = (event: ChartEvent, day: number): CardMoves[] => {
    const id = event.entity_id
    const leaves = event.type === 'task.removed_from_sprint'
    const to = leaves ? null : event.board_status
    if (!leaves && to === null) return []
    const from = standing.get(id) ?? null
    if (to === null) standing.delete(id)
    else standing.set(id, to)
    return [{ day, from, to, cards: 1 }]
  }
  return [
    ...before.flatMap((event) => move(event, 0)),
    ...within.flatMap((events, day) => events.flatMap((event) => move(event, day))),
    ...after.flatMap((event) => move(event, days.length - 1)),
  ]
}
