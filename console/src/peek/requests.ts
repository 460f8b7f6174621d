import { queryOptions } from '@tanstack/react-query'
import { get, request } from '../api/request.ts'
import type { Page, Task, TaskDependency } from '../api/types.ts'

export type Kind = TaskDependency['kind']

/** Most cards offered at once. */
const most = 8

/** Cards that hold these words, the best known first; of one project, or of all. */
export const cardSearchQuery = (words: string, projectId?: number) =>
  queryOptions({
    queryKey: ['tasks', 'search', words, most, projectId ?? 'all'],
    queryFn: async ({ signal }) =>
      (await get<Page<Task>>('/tasks', { q: words, limit: most, project_id: projectId }, signal))
        .items,
    enabled: words !== '',
  })

export const addDependency = (taskId: number, dependsOn: number, kind: Kind) =>
  request<TaskDependency>('POST', `/tasks/${taskId}/dependencies`, {
    body: { depends_on_id: dependsOn, kind },
  })

export const removeDependency = (taskId: number, dependsOn: number) =>
  request('DELETE', `/tasks/${taskId}/dependencies/${dependsOn}`)
