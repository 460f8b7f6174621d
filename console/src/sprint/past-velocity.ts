import { queryOptions } from '@tanstack/react-query'
import { get } from '../api/request.ts'
import type { ProjectVelocity } from '../api/types.ts'

/** Closed sprints that a plan is held against. */
export const pastSprints = 3

export const projectVelocityQuery = (projectId: number) =>
  queryOptions({
    queryKey: ['projects', projectId, 'velocity', pastSprints],
    queryFn: ({ signal }) =>
      get<ProjectVelocity>(`/projects/${projectId}/velocity`, { last: pastSprints }, signal),
  })
