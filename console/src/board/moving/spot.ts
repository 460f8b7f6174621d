import type { Task } from '../../api/types.ts'
import { cardsOf } from '../../edits/words.ts'
import type { ColumnStatus } from '../../scrum/columns.ts'
import { storyLabelsOf } from '../../scrum/stories.ts'
import { type Lane, type LaneKind, laneOf } from '../lanes.ts'

/** A place on the board: a column of a lane, and beside which of its cards; without one, last. */
export interface Spot {
  status: ColumnStatus
  lane: string
  beside?: { id: number; edge: 'before' | 'after' } | undefined
}

export const cellAt = (
  lanes: readonly Lane[],
  { status, lane }: Pick<Spot, 'status' | 'lane'>,
): readonly Task[] =>
  lanes.find(({ key }) => key === lane)?.columns.find((it) => it.status === status)?.tasks ?? []

/** What a drop asks for: the card beside which the others go, or nothing to be done. */
export type Landing = { before?: Task; after?: Task } | 'stays'

/** Where cards land in a cell when they are put beside one of its cards, or at its end. */
export function landingOf(
  cell: readonly Task[],
  moved: readonly Task[],
  beside: Spot['beside'],
): Landing {
  const ids = new Set(moved.map(({ id }) => id))
  const others = cell.filter(({ id }) => !ids.has(id))
  const found = cell.findIndex(({ id }) => id === beside?.id)
  const index = found < 0 ? cell.length : beside?.edge === 'after' ? found + 1 : found
  const at = cell.slice(0, index).filter(({ id }) => !ids.has(id)).length
  const now = [...others.slice(0, at), ...moved, ...others.slice(at)]
  if (now.length === cell.length && now.every((task, i) => task.id === cell[i]?.id)) return 'stays'
  const [after, before] = [others[at - 1], others[at]]
  return after ? { after } : before ? { before } : {}
}

interface LaneChanges {
  assignee?: string | null
  labels_add?: string[]
  labels_remove?: string[]
}

/** What a card has to become so that it stands in this lane; words where it cannot. */
export function laneChanges(
  tasks: readonly Task[],
  kind: LaneKind,
  lane: string,
): LaneChanges | { refusal: string } {
  if (tasks.every((task) => laneOf(task, kind) === lane)) return {}
  if (kind === 'assignee') return { assignee: lane === '' ? null : lane }
  if (kind === 'story') {
    const others = tasks.flatMap(storyLabelsOf).filter((label) => label !== lane)
    return {
      ...(lane === '' ? {} : { labels_add: [lane] }),
      ...(others.length === 0 ? {} : { labels_remove: [...new Set(others)] }),
    }
  }
  const [cards, verb] = [cardsOf(tasks), tasks.length === 1 ? 'belongs' : 'belong']
  return { refusal: `${cards} ${verb} to the run that made the card: its lane cannot be changed.` }
}
