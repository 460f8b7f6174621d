import { queryOptions } from '@tanstack/react-query'
import { get, getAll } from '../api/request.ts'
import type { ProjectVelocity, Task } from '../api/types.ts'

/** Closed sprints that a plan is held against. */
export const pastSprints = 3

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

export const projectVelocityQuery = (projectId: number) =>
  queryOptions({
    queryKey: ['projects', projectId, 'velocity', pastSprints],
    queryFn: ({ signal }) =>
      get<ProjectVelocity>(`/projects/${projectId}/velocity`, { last: pastSprints }, signal),
  })
