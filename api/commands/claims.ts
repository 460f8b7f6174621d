import * as z from 'zod'
import { id, name, text } from '../core/entities/fields.ts'
import { agentName, Claim } from '../core/entities/session.ts'
import { Task } from '../core/entities/task.ts'
import { byTask, command } from './command.ts'

export const nextTask = command({
  name: 'task.next',
  summary: 'Show the next task that is ready to be worked on, or claim it',
  scope: 'work',
  method: 'post',
  path: '/tasks/actions/next',
  tool: 'orchestration_task_next',
  told: 'whole',
  cli: 'task next',
  body: z
    .strictObject({
      sprint_id: id.optional().meta({
        description: 'the sprint to look in; default: that of the session, while it is open',
      }),
      project_id: id.optional().meta({
        description:
          'instead of a sprint: all open ones of this project; default, without a session: of the only one there is',
      }),
      claim: z.boolean().default(false).meta({
        description: 'claim it for the session, so that no other agent gets it',
      }),
      labels: z
        .array(name(200))
        .max(20)
        .default([])
        .meta({ description: 'only tasks that carry all of these labels' }),
      agent: agentName.optional().meta({
        description: 'whom a task may be assigned to; by default the agent of the session',
      }),
    })
    .refine(
      (body) => body.sprint_id === undefined || body.project_id === undefined,
      'give sprint_id or project_id, not both',
    ),
  output: z
    .object({
      task: Task.nullable(),
      claim: Claim.nullable(),
      pool: z
        .object({ todo: z.int(), waiting: z.int(), assigned: z.int(), in_work: z.int() })
        .nullable()
        .meta({
          description:
            'where no task is ready: how many are todo; of those, how many wait for others by hard dependencies, how many are assigned to somebody else; and how many are being worked on',
        }),
      message: text(),
    })
    .meta({ id: 'NextTask' }),
})

const claimed = z.object({ task: Task, claim: Claim }).meta({ id: 'ClaimedTask' })

export const claimTask = command({
  name: 'task.claim',
  summary: 'Claim a task for the session: it is assigned to the agent and in progress',
  scope: 'work',
  method: 'post',
  path: '/tasks/:task_id/actions/claim',
  tool: 'orchestration_task_claim',
  told: 'whole',
  cli: 'task claim',
  params: byTask,
  output: claimed,
})

export const releaseTask = command({
  name: 'task.release',
  summary: 'Give a claimed task back to the pool',
  scope: 'work',
  method: 'post',
  path: '/tasks/:task_id/actions/release',
  tool: 'orchestration_task_release',
  cli: 'task release',
  params: byTask,
  body: z.strictObject({
    reason: text(20_000)
      .optional()
      .meta({ description: 'why, for whoever takes it next; kept as a note of the session' }),
  }),
  output: Task,
})
