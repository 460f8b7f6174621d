import type { ProtocolRun, Task } from '../api/types.ts'
import {
  type Column,
  type ColumnStatus,
  columnsFor,
  columnsOf,
  grouped,
  keepUnchanged,
  pointsOf,
} from '../scrum/columns.ts'
import { storiesOf } from '../scrum/stories.ts'

export const laneKinds = ['none', 'assignee', 'story', 'protocol'] as const
export type LaneKind = (typeof laneKinds)[number]

export const laneKindNames: Record<LaneKind, string> = {
  none: 'No lanes',
  assignee: 'Assignee',
  story: 'User story',
  protocol: 'Run',
}

/** A row of the board. Without lanes there is one, which holds everything. */
export interface Lane {
  /** What its cards share; empty where they have none of it. */
  key: string
  name: string
  columns: readonly Column[]
  cards: number
  points: number
}

export function laneOf(task: Task, kind: LaneKind): string {
  if (kind === 'assignee') return task.assignee ?? ''
  if (kind === 'story') return storiesOf(task)[0] ?? ''
  if (kind === 'protocol') return task.protocol_run_id === null ? '' : `${task.protocol_run_id}`
  return ''
}

const without: Record<LaneKind, string> = {
  none: 'All cards',
  assignee: 'Nobody',
  story: 'No user story',
  protocol: 'No run',
}

const byName = new Intl.Collator('en', { numeric: true, sensitivity: 'base' })

/**
 * The board's lanes in the order of their names, what has none of it last. Lanes without a card
 * are left out. Every lane has the same columns: those of the whole board that are not hidden.
 */
export function lanesOf(
  tasks: readonly Task[],
  kind: LaneKind,
  runs: readonly ProtocolRun[],
  hidden: ReadonlySet<ColumnStatus>,
): Lane[] {
  const shown = columnsFor(tasks).filter((status) => !hidden.has(status))
  const groups = grouped(tasks, (task) => laneOf(task, kind))
  if (kind === 'none' && groups.size === 0) groups.set('', [])
  return [...groups]
    .map(([key, inLane]) => {
      const columns = columnsOf(inLane, shown)
      const visible = columns.flatMap((column) => column.tasks)
      return {
        key,
        name: key === '' ? without[kind] : nameOf(key, kind, runs),
        columns,
        cards: visible.length,
        points: pointsOf(visible),
      }
    })
    .filter(({ cards }) => kind === 'none' || cards > 0)
    .sort((a, b) => Number(a.key === '') - Number(b.key === '') || byName.compare(a.name, b.name))
}

function nameOf(key: string, kind: LaneKind, runs: readonly ProtocolRun[]): string {
  if (kind !== 'protocol') return key
  const run = runs.find(({ id }) => id === Number(key))
  return run ? `#${run.id} ${run.protocol_name}` : `#${key}`
}

/** The lanes with those of before where nothing changed, so that only the others are drawn. */
export function keepUnchangedLanes(before: readonly Lane[], now: readonly Lane[]): Lane[] {
  return now.map((lane) => {
    const old = before.find(({ key }) => key === lane.key)
    if (old === undefined) return lane
    const columns = keepUnchanged(old.columns, lane.columns)
    const same =
      old.name === lane.name &&
      columns.length === old.columns.length &&
      columns.every((column, index) => column === old.columns[index])
    return same ? old : { ...lane, columns }
  })
}
