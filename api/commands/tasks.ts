import { z } from 'zod'
import { code, id, moment, name, storyPoints, text } from '../core/entities/fields.ts'
import { Artifact } from '../core/entities/protocol.ts'
import { boardStatus, priority, Task, TaskDependency, taskType } from '../core/entities/task.ts'
import { byTask, command, listOf, page } from './command.ts'

const fields = {
  type: taskType,
  description: text(100_000),
  priority,
  story_points: storyPoints.nullable(),
  labels: z.array(name(200)).max(100),
  acceptance_criteria: z.array(name(10_000)).max(200),
  assignee: name(200).nullable(),
  due_date: moment.nullable(),
}

const override = {
  override_reason: name(1000)
    .optional()
    .meta({ description: 'why an admin changes a task of a sprint that has ended' }),
}

export const listTasks = command({
  name: 'task.list',
  summary: 'List tasks',
  scope: 'read',
  method: 'get',
  path: '/tasks',
  query: z.object({
    ...page,
    project_id: z.coerce.number().int().positive().optional(),
    sprint_id: z.coerce.number().int().positive().optional(),
    spec_id: z.coerce.number().int().positive().optional(),
    board_status: boardStatus.optional(),
    code: code.optional(),
  }),
  output: listOf(Task),
})

export const createTask = command({
  name: 'task.create',
  summary: 'Create a task, in a sprint or in the backlog',
  scope: 'plan',
  method: 'post',
  path: '/tasks',
  status: 201,
  body: z.strictObject({
    project_id: id,
    sprint_id: id.nullish(),
    code: code.optional(),
    title: name(10_000),
    board_status: boardStatus
      .exclude(['archived'])
      .optional()
      .meta({ description: 'default: todo in a sprint, else backlog' }),
    ...override,
    ...z.object(fields).partial().shape,
  }),
  output: Task,
})

export const getTask = command({
  name: 'task.get',
  summary: 'Read a task',
  scope: 'read',
  method: 'get',
  path: '/tasks/:task_id',
  params: byTask,
  output: Task,
})

export const updateTask = command({
  name: 'task.update',
  summary: 'Change a task: move its card, estimate it, assign it, take it into a sprint',
  scope: 'work',
  method: 'patch',
  path: '/tasks/:task_id',
  params: byTask,
  body: z.strictObject({
    title: name(10_000).optional(),
    sprint_id: id.nullish(),
    board_status: boardStatus.optional(),
    blocked_reason: text(10_000).nullish(),
    position: z.int().min(-2_147_483_648).max(2_147_483_647).optional(),
    ...override,
    ...z.object(fields).partial().shape,
  }),
  output: Task.extend({
    warnings: z.array(text()).meta({ description: 'what the move did in spite of' }),
  }).meta({ id: 'UpdatedTask' }),
})

export const deleteTask = command({
  name: 'task.delete',
  summary: 'Archive a task',
  scope: 'plan',
  method: 'delete',
  path: '/tasks/:task_id',
  params: byTask,
  query: z.object(override),
  output: Task,
})

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

export const listTaskArtifacts = command({
  name: 'task.artifacts',
  summary: 'List what the steps of a task produced',
  scope: 'read',
  method: 'get',
  path: '/tasks/:task_id/artifacts',
  params: byTask,
  query: z.object(page),
  output: listOf(Artifact),
})
