import { useQueries, useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { sprintsQuery, sprintTasksQuery } from '../api/queries.ts'
import type { Sprint, Task } from '../api/types.ts'
import { inOrder, isClosed } from '../sprints/order.ts'
import { byPosition, overlayPlan, usePendingPlan } from './plan-edits.ts'
import { backlogQuery, isInBacklog } from './queries.ts'

export interface Plan {
  backlog: readonly Task[]
  /** Open sprints, active before planned, each with its cards in order. */
  sprints: readonly { sprint: Sprint; tasks: readonly Task[] }[]
}

/** What may be planned: the backlog and the open sprints, with the edits on their way. */
export function usePlan(projectId: number) {
  const sprints = useQuery(sprintsQuery(projectId))
  const backlog = useQuery(backlogQuery(projectId))
  const open = useMemo(
    () => sprints.data && inOrder(sprints.data).filter((sprint) => !isClosed(sprint)),
    [sprints.data],
  )
  const lists = useQueries({
    queries: (open ?? []).map(({ id }) => sprintTasksQuery(id)),
    combine: (answers) => ({
      tasks: answers.every(({ data }) => data) ? answers.flatMap(({ data }) => data ?? []) : null,
      failed: answers.find(({ isError, data }) => isError && !data),
    }),
  })
  const pending = usePendingPlan(projectId)
  const plan = useMemo((): Plan | undefined => {
    if (!open || !backlog.data || lists.tasks === null) return undefined
    const all = overlayPlan([...backlog.data, ...lists.tasks], pending).toSorted(byPosition)
    const shown = all.filter((task) => task.board_status !== 'archived')
    return {
      backlog: shown.filter(isInBacklog),
      sprints: open.map((sprint) => ({
        sprint,
        tasks: shown.filter((task) => task.sprint_id === sprint.id),
      })),
    }
  }, [open, backlog.data, lists.tasks, pending])
  const failed = [sprints, backlog, lists.failed].find((it) => it?.isError && !it.data)
  return { plan, closed: sprints.data?.filter(isClosed) ?? [], failed }
}
