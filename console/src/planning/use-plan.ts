import { type UseQueryResult, useQueries, useQuery } from '@tanstack/react-query'
import { useCallback, useMemo, useState } from 'react'
import { sprintsQuery, sprintTasksQuery } from '../api/queries.ts'
import type { Sprint, Task } from '../api/types.ts'
import { useOverlay } from '../edits/use-edits.ts'
import { byPosition, grouped } from '../scrum/columns.ts'
import { inOrder, isClosed } from '../scrum/sprint-order.ts'
import { backlogQuery } from './queries.ts'

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
    combine: together,
  })
  const read = useMemo(
    () => backlog.data && lists.tasks && once([...backlog.data, ...lists.tasks]),
    [backlog.data, lists.tasks],
  )
  const holds = useCallback(
    (task: Task) =>
      task.project_id === projectId &&
      task.board_status !== 'archived' &&
      (task.sprint_id === null
        ? task.board_status === 'backlog'
        : (open?.some(({ id }) => id === task.sprint_id) ?? false)),
    [projectId, open],
  )
  const tasks = useOverlay(read ?? undefined, holds)
  const plan = useMemo((): Plan | undefined => {
    if (!open || !tasks) return undefined
    const lists = grouped(tasks.toSorted(byPosition), (task) => task.sprint_id)
    return {
      backlog: lists.get(null) ?? [],
      sprints: open.map((sprint) => ({ sprint, tasks: lists.get(sprint.id) ?? [] })),
    }
  }, [open, tasks])
  const failed = [sprints, backlog, lists.failed].find((it) => it?.isError && !it.data)
  // The cards of a new sprint have to be read first: until then, what is drawn stays.
  const [drawn, draw] = useState(plan)
  if (plan && plan !== drawn) draw(plan)
  return {
    plan: plan ?? (failed ? undefined : drawn),
    closed: sprints.data?.filter(isClosed) ?? [],
    failed,
  }
}

const together = (answers: UseQueryResult<Task[]>[]) => ({
  tasks: answers.every(({ data }) => data) ? answers.flatMap(({ data }) => data ?? []) : null,
  failed: answers.find(({ isError, data }) => isError && !data),
})

/** A card that two lists hold, as one was read before it moved, stands where it was seen last. */
function once(tasks: readonly Task[]): readonly Task[] {
  const newest = new Map<number, Task>()
  for (const task of tasks) {
    const known = newest.get(task.id)
    if (!known || known.updated_at < task.updated_at) newest.set(task.id, task)
  }
  return newest.size === tasks.length ? tasks : [...newest.values()]
}
