import { useLayoutEffect, useMemo, useRef } from 'react'
import type { Task } from '../../api/types.ts'
import type { TaskChanges } from '../../edits/changes.ts'
import { useEdits } from '../../edits/use-edits.ts'
import { cardsOf } from '../../edits/words.ts'
import { type ColumnStatus, columnNames } from '../../scrum/columns.ts'
import { announce } from '../../ui/announcer.tsx'
import { toast } from '../../ui/toasts.tsx'
import { type Lane, type LaneKind, laneOf } from '../lanes.ts'
import { cellAt, landingOf, laneChanges, type Spot } from './spot.ts'

interface Shown {
  tasks: readonly Task[]
  lanes: readonly Lane[]
  kind: LaneKind
}

/** All that can be done to cards of the board, one or several; each is undone as one. */
export interface Moves {
  toColumn(tasks: readonly Task[], to: ColumnStatus, reason?: string): void
  /** Puts cards where they were dropped. */
  toSpot(tasks: readonly Task[], spot: Spot, reason?: string): void
  toEdge(tasks: readonly Task[], edge: 'top' | 'bottom'): void
  /** One up (-1) or down (1) in their column. */
  shift(tasks: readonly Task[], way: -1 | 1): void
  /** To the column before (-1) or after (1) their own; one is blocked by its name alone. */
  sideways(tasks: readonly Task[], way: -1 | 1): void
  /** Sets fields of all of them alike. */
  change(tasks: readonly Task[], changes: TaskChanges, label?: string): void
  /** The cards of these ids as they are now, in the order of the board. */
  find(ids: ReadonlySet<number>): readonly Task[]
  /** Whether all stand in one column of one lane, so that they can be ordered there. */
  inOneCell(tasks: readonly Task[]): boolean
  refusal(tasks: readonly Task[], spot: Spot): string | undefined
}

export function useMoves(shown: Shown): Moves {
  const { edit, place } = useEdits()
  const latest = useRef(shown)
  useLayoutEffect(() => {
    latest.current = shown
  })
  return useMemo(() => {
    const cellOf = (task: Task) =>
      cellAt(latest.current.lanes, {
        status: task.board_status as ColumnStatus,
        lane: laneOf(task, latest.current.kind),
      })
    const cellOfAll = (tasks: readonly Task[]) => {
      const cell = tasks[0] ? cellOf(tasks[0]) : []
      return tasks.every((task) => cell.some(({ id }) => id === task.id)) ? cell : undefined
    }
    const ordered = (tasks: readonly Task[], way: -1 | 1, far: boolean) => {
      const cell = cellOfAll(tasks)
      if (cell === undefined) {
        announce('Only cards of one column can be ordered together.')
        return
      }
      const moved = cell.filter(({ id }) => tasks.some((task) => task.id === id))
      const rest = cell.filter((task) => !moved.includes(task))
      const beside = far ? rest.at(way < 0 ? 0 : -1) : neighbour(cell, moved, way)
      const landing = beside
        ? landingOf(cell, moved, { id: beside.id, edge: way < 0 ? 'before' : 'after' })
        : 'stays'
      if (beside === undefined || landing === 'stays') {
        const column = columnNames[moved[0]?.board_status ?? 'todo']
        announce(`${cardsOf(moved)} ${way < 0 ? 'at the top' : 'at the bottom'} of ${column}.`)
        return
      }
      const where = far
        ? `to the ${way < 0 ? 'top' : 'bottom'}`
        : `${way < 0 ? 'before' : 'after'} ${cardsOf([beside])}`
      place({ tasks: moved, ...landing }, { label: `${cardsOf(moved)} moved ${where}` })
    }
    return {
      toColumn(tasks, to, reason) {
        const moved = tasks.filter((task) => task.board_status !== to)
        const changes = { board_status: to, ...(reason ? { blocked_reason: reason } : {}) }
        edit(moved.map((task) => ({ task, changes })))
      },
      toSpot(tasks, spot, reason) {
        const { kind, lanes } = latest.current
        const inLane = laneChanges(tasks, kind, spot.lane)
        if ('refusal' in inLane) {
          const title = `${cardsOf(tasks)} could not move there`
          toast({ tone: 'bad', title, detail: inLane.refusal })
          return
        }
        const leaves = tasks.some((task) => task.board_status !== spot.status)
        const changes = {
          ...inLane,
          ...(leaves ? { board_status: spot.status } : {}),
          ...(leaves && reason ? { blocked_reason: reason } : {}),
        }
        const landing = landingOf(cellAt(lanes, spot), tasks, spot.beside)
        if (landing !== 'stays') place({ tasks, ...landing, changes })
      },
      toEdge: (tasks, edge) => ordered(tasks, edge === 'top' ? -1 : 1, true),
      shift: (tasks, way) => ordered(tasks, way, false),
      sideways(tasks, way) {
        const columns = (latest.current.lanes[0]?.columns ?? []).map(({ status }) => status)
        const edits = tasks.flatMap((task) => {
          const to = nextColumn(columns, task.board_status as ColumnStatus, way)
          return to ? [{ task, changes: { board_status: to } }] : []
        })
        const [first] = edits
        if (first === undefined) {
          announce(`${cardsOf(tasks)} in the ${way < 0 ? 'first' : 'last'} column.`)
          return
        }
        const together = edits.every((it) => it.changes.board_status === first.changes.board_status)
        const on = `${cardsOf(edits.map(({ task }) => task))} moved one column ${way < 0 ? 'back' : 'on'}`
        edit(edits, together ? {} : { label: on })
      },
      change(tasks, changes, label) {
        edit(
          tasks.map((task) => ({ task, changes })),
          label === undefined ? {} : { label },
        )
      },
      find(ids) {
        const { lanes, tasks } = latest.current
        const onBoard = lanes
          .flatMap(({ columns }) => columns.flatMap((column) => column.tasks))
          .filter(({ id }) => ids.has(id))
        return onBoard.length > 0 ? onBoard : tasks.filter(({ id }) => ids.has(id))
      },
      inOneCell: (tasks) => cellOfAll(tasks) !== undefined,
      refusal(tasks, spot) {
        const changes = laneChanges(tasks, latest.current.kind, spot.lane)
        return 'refusal' in changes ? changes.refusal : undefined
      },
    }
  }, [edit, place])
}

/** The card that moved ones change places with. */
function neighbour(cell: readonly Task[], moved: readonly Task[], way: -1 | 1): Task | undefined {
  const edge = moved.at(way < 0 ? 0 : -1)
  const from = cell.findIndex(({ id }) => id === edge?.id)
  return cell[from + way]
}

function nextColumn(
  columns: readonly ColumnStatus[],
  from: ColumnStatus,
  way: -1 | 1,
): ColumnStatus | undefined {
  const at = columns.indexOf(from)
  const ahead = way < 0 ? columns.slice(0, Math.max(at, 0)).reverse() : columns.slice(at + 1)
  return ahead.find((status) => status !== 'blocked')
}
