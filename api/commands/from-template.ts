import * as z from 'zod'
import { code, id, metadata, moment, name, storyPoints, text } from '../core/entities/fields.ts'
import { priorityByAnyName } from '../core/entities/other-names.ts'
import { Sprint } from '../core/entities/sprint.ts'
import { Task, taskType } from '../core/entities/task.ts'
import { bySprint, command } from './command.ts'
import { sprintDays } from './sprints.ts'

const templateName = name(100).regex(
  /^[A-Za-z0-9][A-Za-z0-9._-]*$/,
  'must be the name of a folder in delegation/.templates, or default',
)

const variables = metadata
  .default({})
  .meta({ description: 'further values that the template names, as variables.NAME' })
const template = templateName.default('default').meta({
  description: 'a set of templates: default, or a folder in delegation/.templates',
})

const newTask = {
  id: code.optional().meta({ description: 'the same as code' }),
  code: code.optional().meta({ description: 'such as API-12; made by itself where left out' }),
  title: name(10_000).meta({ description: 'what is to be done, in a line' }),
  description: text(100_000).optional(),
  type: taskType.optional(),
  priority: priorityByAnyName.optional().meta({ description: 'P0 is critical, P3 low' }),
  story_points: storyPoints.nullish(),
  assignee: name(200).nullish(),
  labels: z.array(name(200)).max(100).optional(),
  objectives: z.array(name(10_000)).max(200).optional().meta({ description: 'what it is for' }),
  deliverables: z
    .array(name(10_000))
    .max(200)
    .optional()
    .meta({ description: 'what there is when it is done' }),
  acceptance_criteria: z.array(name(10_000)).max(200).optional(),
}

export const createSprintFromTemplate = command({
  name: 'sprint.from_template',
  summary:
    'Create a sprint, with tasks if wanted; its files below delegation/ follow by themselves',
  scope: 'plan',
  method: 'post',
  path: '/sprints/from-template',
  status: 201,
  tool: 'orchestration_sprint_create',
  cli: 'sprint create',
  body: z.strictObject({
    project_id: id.optional().meta({
      description:
        'project, by id or slug; default: that of the session, else the only one there is',
    }),
    template,
    code: code.optional().meta({ description: 'such as my-sprint; made by itself where left out' }),
    id: code.optional().meta({ description: 'the same as code' }),
    name: name().optional().meta({ description: 'what it is called; its code where left out' }),
    title: name().optional().meta({ description: 'the same as name' }),
    goal: text(10_000).nullish().meta({ description: 'what it is to reach' }),
    start_date: sprintDays.start_date,
    end_date: sprintDays.end_date,
    velocity_planned: z.int().min(0).max(1_000_000).nullish(),
    variables,
    tasks: z.array(z.strictObject(newTask)).max(500).default([]),
  }),
  output: z
    .object({ sprint: Sprint, tasks: z.array(Task), files: z.array(text()) })
    .meta({ id: 'SprintFromTemplate' }),
})

export const createTaskFromTemplate = command({
  name: 'task.from_template',
  summary: 'Create a task in a sprint; its files below delegation/ follow by themselves',
  scope: 'plan',
  method: 'post',
  path: '/sprints/:sprint_id/tasks/from-template',
  status: 201,
  params: bySprint,
  tool: 'orchestration_task_create',
  cli: 'task create',
  body: z.strictObject({ template, ...newTask, due_date: moment.nullish(), variables }),
  output: z.object({ task: Task, files: z.array(text()) }).meta({ id: 'TaskFromTemplate' }),
})
