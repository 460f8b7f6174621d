import * as z from 'zod'
import { id } from '../core/entities/fields.ts'
import { TaskDependency } from '../core/entities/task.ts'
import { byTask, command } from './command.ts'
import { override } from './tasks.ts'

export const listTaskDependencies = command({
  name: 'task.dependencies',
  summary: 'List what a task depends on, and what depends on it',
  scope: 'read',
  method: 'get',
  path: '/tasks/:task_id/dependencies',
  params: byTask,
  output: z.object({
    depends_on: z.array(TaskDependency),
    needed_by: z.array(TaskDependency),
  }),
})

export const addTaskDependency = command({
  name: 'task.add_dependency',
  summary: 'Make a task depend on another one of its project',
  scope: 'work',
  method: 'post',
  path: '/tasks/:task_id/dependencies',
  status: 201,
  params: byTask,
  body: z.strictObject({
    depends_on_id: id,
    kind: z.enum(['hard', 'suggested']).default('hard'),
    ...override,
  }),
  output: TaskDependency,
})

export const removeTaskDependency = command({
  name: 'task.remove_dependency',
  summary: 'Remove a dependency',
  scope: 'work',
  method: 'delete',
  path: '/tasks/:task_id/dependencies/:depends_on_id',
  params: byTask.extend({ depends_on_id: byTask.shape.task_id }),
  query: z.object(override),
  output: z.object({ removed: z.boolean() }),
})
