import * as z from 'zod'
import { code, id, metadata, moment, name, storyPoints, text } from '../core/entities/fields.ts'
import { statusByAnyName } from '../core/entities/other-names.ts'
import { Artifact } from '../core/entities/protocol.ts'
import { boardStatus, priority, Task, taskType } from '../core/entities/task.ts'
import { byTask, command, listOf, page } from './command.ts'

const fields = {
  type: taskType,
  description: text(100_000),
  priority,
  story_points: storyPoints.nullable(),
  labels: z.array(name(200)).max(100),
  acceptance_criteria: z.array(name(10_000)).max(200),
  objectives: z.array(name(10_000)).max(200),
  deliverables: z.array(name(10_000)).max(200),
  agent_config: metadata.refine(
    (it) => Object.keys(it).length <= 1000,
    'must have 1000 keys at most',
  ),
  assignee: name(200).nullable(),
  due_date: moment.nullable(),
}

/** For a change of what belongs to a sprint that has ended. */
export const override = {
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
  tool: 'orchestration_task_list',
  cli: 'task list',
  brief: [
    'code',
    'board_status',
    'priority',
    'story_points',
    'assignee',
    'title',
    'blocked_reason',
  ],
  query: z.object({
    ...page,
    project_id: z.coerce.number().int().positive().optional(),
    sprint_id: z.coerce.number().int().positive().optional(),
    spec_id: z.coerce.number().int().positive().optional(),
    board_status: boardStatus.optional(),
    code: code.optional(),
    ids: z
      .string()
      .regex(
        /^[1-9]\d{0,14}(,[1-9]\d{0,14}){0,199}$/,
        'must be 1 to 200 task ids with commas between, such as 12,15',
      )
      .optional()
      .meta({ description: 'these tasks alone, as ids with commas between' }),
    q: z.string().min(1).max(200).optional().meta({
      description:
        'words that title, code or external id hold, each by how it begins; newest first, none that is archived',
    }),
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
  tool: 'orchestration_task_show',
  cli: 'task show',
  params: byTask,
  output: Task,
})

const labelChanges = {
  labels_add: z.array(name(200)).max(100).optional(),
  labels_remove: z.array(name(200)).max(100).optional(),
}

const expected = {
  expected: Task.pick({
    title: true,
    description: true,
    type: true,
    sprint_id: true,
    board_status: true,
    blocked_reason: true,
    priority: true,
    story_points: true,
    labels: true,
    acceptance_criteria: true,
    assignee: true,
    due_date: true,
    position: true,
  })
    .partial()
    .strict()
    .optional()
    .meta({ description: 'what you saw: refused where somebody changed one of these since' }),
}

export const updateTask = command({
  name: 'task.update',
  summary: 'Change a task: move its card, estimate it, assign it, take it into a sprint',
  scope: 'work',
  method: 'patch',
  path: '/tasks/:task_id',
  tool: 'orchestration_task_update',
  cli: 'task update',
  params: byTask,
  body: z.strictObject({
    title: name(10_000).optional(),
    sprint_id: id.nullish(),
    board_status: boardStatus.optional(),
    blocked_reason: text(10_000).nullish(),
    position: z.int().min(-2_147_483_648).max(2_147_483_647).optional(),
    ...labelChanges,
    ...expected,
    ...override,
    ...z.object(fields).partial().shape,
  }),
  output: Task.extend({
    warnings: z.array(text()).meta({ description: 'what the move did in spite of' }),
  }).meta({ id: 'UpdatedTask' }),
})

export const updateTaskStatus = command({
  name: 'task.status_update',
  summary: 'Say how a task stands: its card moves, and the note is kept',
  scope: 'work',
  method: 'post',
  path: '/tasks/:task_id/actions/status',
  tool: 'orchestration_task_status_update',
  cli: 'task status <status>',
  params: byTask,
  body: z.strictObject({
    status: statusByAnyName.meta({
      description: 'pending is todo, completed is done; or a column of the board',
    }),
    note: name(10_000).nullish().meta({ description: 'what was done or found out' }),
    reason: name(10_000).nullish().meta({ description: 'why it is blocked' }),
  }),
  output: updateTask.output,
})

const ids = z.array(id).min(1).max(1000)

const TaskRefusal = z
  .object({
    task_id: id,
    code: text().meta({ description: 'kind of refusal, as in a problem' }),
    rule: text(),
    detail: text(),
  })
  .meta({ id: 'TaskRefusal' })

const TaskWarning = z.object({ task_id: id, detail: text() }).meta({ id: 'TaskWarning' })

export const updateTasks = command({
  name: 'task.update_many',
  summary: 'Change many tasks alike: those that a rule forbids are listed, the others are done',
  scope: 'work',
  method: 'post',
  path: '/tasks/actions/update',
  body: z.strictObject({
    task_ids: ids,
    changes: z
      .strictObject({
        board_status: boardStatus.optional(),
        blocked_reason: text(10_000).nullish(),
        priority: priority.optional(),
        assignee: fields.assignee.optional(),
        story_points: fields.story_points.optional(),
        ...labelChanges,
        sprint_id: id.nullish(),
        due_date: fields.due_date.optional(),
      })
      .refine((changes) => Object.keys(changes).length > 0, 'must name what to change'),
    ...expected,
  }),
  output: z.object({
    updated: z.array(Task),
    refused: z.array(TaskRefusal),
    warnings: z.array(TaskWarning),
  }),
})

export const placeTasks = command({
  name: 'task.place',
  summary: 'Put tasks in this order before or after another one, or last in their list',
  scope: 'work',
  method: 'post',
  path: '/tasks/actions/place',
  body: z
    .strictObject({
      task_ids: ids,
      before_task_id: id.optional(),
      after_task_id: id.optional(),
      board_status: boardStatus.optional(),
      blocked_reason: text(10_000).nullish(),
      assignee: fields.assignee.optional(),
      labels: fields.labels.optional(),
      ...labelChanges,
      sprint_id: id.nullish(),
      ...expected,
    })
    .refine(
      (body) => body.before_task_id === undefined || body.after_task_id === undefined,
      'give before_task_id or after_task_id, not both',
    ),
  output: z.object({ updated: z.array(Task), warnings: z.array(TaskWarning) }),
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
