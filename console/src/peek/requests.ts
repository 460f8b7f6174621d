import { request } from '../api/request.ts'
import type { TaskDependency } from '../api/types.ts'

export type Kind = TaskDependency['kind']

export const addDependency = (taskId: number, dependsOn: number, kind: Kind) =>
  request<TaskDependency>('POST', `/tasks/${taskId}/dependencies`, {
    body: { depends_on_id: dependsOn, kind },
  })

export const removeDependency = (taskId: number, dependsOn: number) =>
  request('DELETE', `/tasks/${taskId}/dependencies/${dependsOn}`)
