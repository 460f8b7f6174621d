import { useMemo } from 'react'
import type { Sprint, Task } from '../api/types.ts'
import type { TaskChanges } from '../edits/changes.ts'
import { useEdits } from '../edits/use-edits.ts'
import { cardsOf } from '../edits/words.ts'
import { count } from '../format/words.ts'
import type { Selection } from '../scrum/selection.ts'

/** Where cards go: a list, and a place in it; without one, its end. */
export interface Place {
  /** Null is the backlog. */
  sprintId: number | null
  before?: number
  after?: number
}

/** What can be done to a card of a plan; to all that are selected, where it is one of them. */
export interface PlanActions {
  sprints: readonly Sprint[]
  nameOf: (sprintId: number | null) => string
  /** The cards that are meant when one of them is touched. */
  meant: (task: Task) => readonly Task[]
  place: (tasks: readonly Task[], to: Place) => void
  /** One up (-1) or down (1) within its list. */
  shift: (task: Task, list: readonly Task[], way: number, sprintId: number | null) => void
  estimate: (tasks: readonly Task[], points: number | null) => void
  /** Sets fields of all of them alike. */
  change: (tasks: readonly Task[], changes: TaskChanges, label?: string) => void
}

export function usePlanActions(
  sprints: readonly Sprint[],
  tasks: readonly Task[],
  selection: Selection,
): PlanActions {
  const edits = useEdits()
  return useMemo(() => {
    const nameOf = (id: number | null) =>
      id === null ? 'the backlog' : (sprints.find((it) => it.id === id)?.name ?? 'the sprint')
    const find = (id: number | undefined) => tasks.find((it) => it.id === id)
    const place: PlanActions['place'] = (moved, { sprintId, before, after }) => {
      const stays = moved.every((it) => it.sprint_id === sprintId)
      const where = stays ? 'moved within' : 'moved to'
      edits.place(
        {
          tasks: moved,
          before: find(before),
          after: find(after),
          changes: stays ? {} : { sprint_id: sprintId },
        },
        { label: `${cardsOf(moved)} ${where} ${nameOf(sprintId)}` },
      )
    }
    return {
      sprints,
      nameOf,
      meant: (task) =>
        selection.ids.has(task.id) ? tasks.filter(({ id }) => selection.ids.has(id)) : [task],
      place,
      shift(task, list, way, sprintId) {
        const neighbour = list[list.findIndex(({ id }) => id === task.id) + way]
        if (neighbour === undefined) return
        const beside = way < 0 ? { before: neighbour.id } : { after: neighbour.id }
        place([task], { sprintId, ...beside })
      },
      change: (changed, changes, label) =>
        edits.edit(
          changed.map((task) => ({ task, changes })),
          label === undefined ? {} : { label },
        ),
      estimate: (estimated, points) =>
        edits.edit(
          estimated.map((task) => ({ task, changes: { story_points: points } })),
          {
            label: `${cardsOf(estimated)}: ${points === null ? 'no points' : count(points, 'point')}`,
          },
        ),
    }
  }, [edits, sprints, tasks, selection])
}
