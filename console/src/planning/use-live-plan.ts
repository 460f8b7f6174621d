import { useQueryClient } from '@tanstack/react-query'
import { sprintsQuery, taskQuery } from '../api/queries.ts'
import { refreshAfter } from '../live/refresh.ts'
import { useEvents } from '../live/use-events.ts'
import { keepTask } from './keep-task.ts'
import { backlogQuery, projectVelocityQuery } from './queries.ts'

/** Keeps backlog and open sprints true: single cards are read one by one, many all at once. */
export function useLivePlan(projectId: number): void {
  const client = useQueryClient()
  const again = (queryKey: readonly unknown[]) => void client.invalidateQueries({ queryKey })
  const allTasks = () => {
    again(backlogQuery(projectId).queryKey)
    again(['sprints'])
  }
  const readTask = async (id: number) =>
    keepTask(client, await client.query({ ...taskQuery(id), staleTime: 0 }))

  useEvents(
    { project_id: projectId },
    {
      onOpen: () => {
        allTasks()
        again(projectVelocityQuery(projectId).queryKey)
      },
      onEvents: (events) => {
        const refresh = refreshAfter(events)
        if (refresh.allTasks) allTasks()
        for (const id of refresh.taskIds) readTask(id).catch(allTasks)
        if (refresh.sprint) {
          again(sprintsQuery(projectId).queryKey)
          again(projectVelocityQuery(projectId).queryKey)
        }
        if (refresh.specs) again(['specs', 'list', projectId])
        if (refresh.protocols) again(['protocols', 'list', projectId])
      },
    },
  )
}
