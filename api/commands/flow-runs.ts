import * as z from 'zod'
import { metadata, text } from '../core/entities/fields.ts'
import {
  FlowDescription,
  FlowRun,
  FlowRunDetail,
  flowRunState,
  startableFlow,
} from '../core/entities/flow-run.ts'
import { command, listOf } from './command.ts'

const byJob = z.object({ job_id: z.uuid() })
const asked = z.object({ job_id: z.uuid() })
const windmill = { asks: 'windmill' } as const

export const listFlows = command({
  ...windmill,
  name: 'flow.list',
  summary: 'List the flows that can be started, with what each asks for',
  scope: 'read',
  method: 'get',
  path: '/flows',
  output: z.object({ items: z.array(FlowDescription) }),
})

export const listFlowRuns = command({
  ...windmill,
  name: 'flow_run.list',
  summary: 'List runs of our flows, the newest first',
  scope: 'read',
  method: 'get',
  path: '/flow-runs',
  query: z.object({
    path: text(300).optional().meta({ description: 'such as f/devgodzilla/complete_sprint' }),
    state: flowRunState.optional(),
    cursor: z.string().max(200).optional(),
    limit: z.coerce.number().int().min(1).max(100).default(50),
  }),
  output: listOf(FlowRun),
})

export const startFlowRun = command({
  ...windmill,
  name: 'flow_run.start',
  summary: 'Start a flow; its engine checks the arguments',
  scope: 'plan',
  method: 'post',
  path: '/flow-runs',
  status: 201,
  body: z.strictObject({ path: startableFlow, args: metadata.default({}) }),
  output: asked,
})

export const getFlowRun = command({
  ...windmill,
  name: 'flow_run.get',
  summary: 'Read a run of a flow, or of a part of one, with its steps',
  scope: 'read',
  method: 'get',
  path: '/flow-runs/:job_id',
  params: byJob,
  output: FlowRunDetail,
})

export const readFlowRunLog = command({
  ...windmill,
  name: 'flow_run.logs',
  summary: 'Read what a step of a flow says, from a place on',
  scope: 'plan',
  method: 'get',
  path: '/flow-runs/:job_id/logs',
  params: byJob,
  query: z.object({
    offset: z.coerce.number().int().min(0).max(999_999_999).default(0),
  }),
  output: z.object({
    text: text(100_000_000),
    next_offset: z.int().meta({ description: 'where to go on' }),
    completed: z.boolean(),
  }),
})

const act = <B extends z.ZodObject>(verb: string, summary: string, body: B) =>
  command({
    ...windmill,
    name: `flow_run.${verb}`,
    summary,
    scope: 'plan',
    method: 'post',
    path: `/flow-runs/:job_id/actions/${verb}`,
    params: byJob,
    body,
    output: asked,
  })

export const cancelFlowRun = act(
  'cancel',
  'Cancel a run of a flow with all its processes',
  z.strictObject({ reason: text(2000).optional() }),
)
export const retryFlowRun = act(
  'retry',
  'Start the same flow with the same arguments again',
  z.strictObject({}),
)

const answer = z.strictObject({
  payload: metadata.default({}).meta({ description: 'what the form of the step asks for' }),
})
export const approveFlowRun = act('approve', 'Let a flow go on that waits for an approval', answer)
export const rejectFlowRun = act('reject', 'Refuse the approval that a flow waits for', answer)
