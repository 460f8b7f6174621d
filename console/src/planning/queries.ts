import { queryOptions } from '@tanstack/react-query'
import { getAll } from '../api/request.ts'
import type { Task } from '../api/types.ts'

export const isInBacklog = (task: Task) =>
  task.sprint_id === null && task.board_status === 'backlog'

export const backlogQuery = (projectId: number) =>
  queryOptions({
    queryKey: ['projects', projectId, 'backlog'],
    meta: { holds: (task: Task) => task.project_id === projectId && isInBacklog(task) },
    queryFn: async ({ signal }) => {
      const filter = { project_id: projectId, board_status: 'backlog' }
      return (await getAll<Task>('/tasks', filter, signal)).filter(isInBacklog)
    },
  })
