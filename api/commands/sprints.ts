import * as z from 'zod'
import { code, id, momentOrDay, name, text } from '../core/entities/fields.ts'
import { TaskArtifact } from '../core/entities/protocol.ts'
import { Sprint, SprintReport, SprintVelocityOut, sprintStatus } from '../core/entities/sprint.ts'
import { Task } from '../core/entities/task.ts'
import { bySprint, command, listOf, page } from './command.ts'

/** Of a sprint, planned. A bare date is that day in the project's time zone. */
export const sprintDays = {
  start_date: momentOrDay.nullish().meta({
    description: 'a moment, or a day, which begins in the time zone of the project',
  }),
  end_date: momentOrDay.nullish().meta({
    description: 'a moment, or the last day, whose end in the time zone of the project it means',
  }),
}

export const listSprints = command({
  name: 'sprint.list',
  summary: 'List sprints',
  scope: 'read',
  method: 'get',
  path: '/sprints',
  tool: 'orchestration_sprint_list',
  brief: ['code', 'name', 'status', 'goal', 'start_date', 'end_date', 'velocity_actual'],
  query: z.object({
    ...page,
    project_id: z.coerce.number().int().positive().optional(),
    spec_id: z.coerce.number().int().positive().optional(),
    status: sprintStatus.optional(),
    code: code.optional(),
  }),
  output: listOf(Sprint),
})

export const createSprint = command({
  name: 'sprint.create',
  summary: 'Create a sprint',
  scope: 'plan',
  method: 'post',
  path: '/sprints',
  status: 201,
  body: z.strictObject({
    project_id: id,
    spec_id: id.nullish(),
    code: code.optional(),
    name: name(),
    goal: text(10_000).nullish(),
    ...sprintDays,
    velocity_planned: z.int().min(0).max(1_000_000).nullish(),
  }),
  output: Sprint,
})

export const getSprint = command({
  name: 'sprint.get',
  summary: 'Read a sprint',
  scope: 'read',
  method: 'get',
  path: '/sprints/:sprint_id',
  tool: 'orchestration_sprint_show',
  params: bySprint,
  output: Sprint,
})

export const updateSprint = command({
  name: 'sprint.update',
  summary: 'Change a sprint',
  scope: 'plan',
  method: 'patch',
  path: '/sprints/:sprint_id',
  params: bySprint,
  body: z.strictObject({
    name: name().optional(),
    goal: text(10_000).nullish(),
    spec_id: id.nullish(),
    ...sprintDays,
    velocity_planned: z.int().min(0).max(1_000_000).nullish(),
    override_reason: name(1000)
      .optional()
      .meta({ description: 'why an admin changes a sprint that has ended' }),
  }),
  output: Sprint,
})

export const deleteSprint = command({
  name: 'sprint.delete',
  summary: 'Archive a sprint, open or ended; open tasks go back to the backlog',
  scope: 'plan',
  method: 'delete',
  path: '/sprints/:sprint_id',
  params: bySprint,
  output: Sprint,
})

export const listSprintArtifacts = command({
  name: 'sprint.artifacts',
  summary: 'List what the steps of a sprint produced, by task, without the texts',
  scope: 'read',
  method: 'get',
  path: '/sprints/:sprint_id/artifacts',
  params: bySprint,
  query: z.object(page),
  output: listOf(TaskArtifact),
})

export const listSprintTasks = command({
  name: 'sprint.tasks',
  summary: 'List the tasks of a sprint',
  scope: 'read',
  method: 'get',
  path: '/sprints/:sprint_id/tasks',
  params: bySprint,
  query: z.object({ ...page, archived: z.stringbool().default(false) }),
  output: listOf(Task),
})

export const getSprintVelocity = command({
  name: 'sprint.velocity',
  summary: 'Points of a sprint: total, completed, velocity',
  scope: 'read',
  method: 'get',
  path: '/sprints/:sprint_id/velocity',
  tool: 'orchestration_velocity',
  cli: 'sprint velocity',
  params: bySprint,
  output: SprintVelocityOut,
})

export const startSprint = command({
  name: 'sprint.start',
  summary: 'Start a sprint: the commitment is fixed',
  scope: 'plan',
  method: 'post',
  path: '/sprints/:sprint_id/actions/start',
  params: bySprint,
  output: Sprint,
})

const carryOver = {
  carry_over_to: z
    .union([z.enum(['backlog', 'next']), code])
    .default('backlog')
    .meta({ description: 'backlog, next, or the code of a sprint' }),
}
const ClosedSprint = z.object({ sprint: Sprint, report: SprintReport })

export const completeSprint = command({
  name: 'sprint.complete',
  summary: 'Complete a sprint: report, carry over what is left, close it for changes',
  scope: 'plan',
  method: 'post',
  path: '/sprints/:sprint_id/actions/complete',
  params: bySprint,
  body: z.strictObject(carryOver),
  output: ClosedSprint.meta({ id: 'CompletedSprint' }),
})

export const failSprint = command({
  name: 'sprint.fail',
  summary: 'End an active sprint as failed: report, carry over what is left, close it for changes',
  scope: 'plan',
  method: 'post',
  path: '/sprints/:sprint_id/actions/fail',
  params: bySprint,
  body: z.strictObject({ reason: name(1000), ...carryOver }),
  output: ClosedSprint.meta({ id: 'FailedSprint' }),
})

export const reopenSprint = command({
  name: 'sprint.reopen',
  summary: 'Open a completed or failed sprint again; commitment and start stay',
  scope: 'admin',
  method: 'post',
  path: '/sprints/:sprint_id/actions/reopen',
  params: bySprint,
  body: z.strictObject({ reason: name(1000) }),
  output: Sprint,
})
