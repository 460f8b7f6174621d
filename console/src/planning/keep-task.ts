import type { QueryClient } from '@tanstack/react-query'
import { sprintTasksQuery } from '../api/queries.ts'
import type { Task } from '../api/types.ts'
import { placeTask } from '../live/task-events.ts'
import { backlogQuery, isInBacklog } from './queries.ts'

/** Puts a task as the server tells it into whichever lists of a plan it is in now. */
export function keepTask(client: QueryClient, task: Task): void {
  client.setQueryData(backlogQuery(task.project_id).queryKey, (tasks) => {
    const known = tasks?.find(({ id }) => id === task.id)
    if (!tasks || (known && task.updated_at < known.updated_at)) return tasks
    const others = tasks.filter(({ id }) => id !== task.id)
    return isInBacklog(task) ? [...others, task] : known ? others : tasks
  })
  const sprintLists = client.getQueriesData<Task[]>({
    predicate: ({ queryKey }) => queryKey[0] === 'sprints' && queryKey[2] === 'tasks',
  })
  for (const [[, sprintId]] of sprintLists) {
    if (typeof sprintId !== 'number') continue
    client.setQueryData(
      sprintTasksQuery(sprintId).queryKey,
      (tasks) => tasks && [...placeTask(tasks, task, sprintId)],
    )
  }
}
