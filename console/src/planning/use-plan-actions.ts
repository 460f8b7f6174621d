import { useMemo } from 'react'
import type { Project, Sprint, Task } from '../api/types.ts'
import type { Selection } from '../board/selection.ts'
import { type Place, usePlanEdits } from './plan-edits.ts'

/** What can be done to a card of a plan; to all that are selected, where it is one of them. */
export interface PlanActions {
  sprints: readonly Sprint[]
  nameOf: (sprintId: number | null) => string
  /** The cards that are meant when one of them is touched. */
  meant: (task: Task) => readonly Task[]
  place: (tasks: readonly Task[], to: Omit<Place, 'name'>) => void
  /** One up (-1) or down (1) within its list. */
  shift: (task: Task, list: readonly Task[], way: number, sprintId: number | null) => void
  estimate: (tasks: readonly Task[], points: number | null) => void
}

export function usePlanActions(
  project: Project,
  sprints: readonly Sprint[],
  tasks: readonly Task[],
  selection: Selection,
): PlanActions {
  const edit = usePlanEdits(project.id)
  return useMemo(() => {
    const nameOf = (id: number | null) =>
      id === null ? 'the backlog' : (sprints.find((it) => it.id === id)?.name ?? 'the sprint')
    const place: PlanActions['place'] = (moved, to) => {
      if (moved.length === 0) return
      edit({ kind: 'place', tasks: moved, to: { ...to, name: nameOf(to.sprintId) } })
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
      estimate: (estimated, points) => edit({ kind: 'estimate', tasks: estimated, points }),
    }
  }, [edit, sprints, tasks, selection])
}
