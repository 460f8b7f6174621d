import * as z from 'zod'
import { id, metadata, text, timestamp } from './fields.ts'

/** The flows that people start; others of our folder are started by what they belong to. */
export const startableFlows = [
  'f/devgodzilla/spec_to_tasks',
  'f/devgodzilla/sync_tasks_to_sprint',
  'f/devgodzilla/sprint_from_protocol',
  'f/devgodzilla/execute_protocol',
  'f/devgodzilla/complete_sprint',
  'f/devgodzilla/reconcile_specs',
] as const
export const startableFlow = z.enum(startableFlows)

/** Nothing of Windmill outside this folder is shown or touched. */
export const flowFolder = 'f/devgodzilla/'

export const flowRunState = z.enum([
  'queued',
  'running',
  'waiting',
  'completed',
  'failed',
  'cancelled',
])
export type FlowRunState = z.infer<typeof flowRunState>

const moment = timestamp.nullable()
const jobId = z.uuid()

export const FlowRun = z
  .object({
    job_id: jobId,
    path: text().meta({ description: 'of the flow; empty for a part of one' }),
    state: flowRunState.meta({ description: 'waiting: for an approval' }),
    created_by: text(),
    created_at: timestamp,
    started_at: moment,
    completed_at: moment,
    schedule: text().nullable().meta({ description: 'the schedule that started it' }),
  })
  .meta({ id: 'FlowRun', description: 'One run of a flow, as Windmill tells of it' })
export type FlowRun = z.infer<typeof FlowRun>

export const FlowStep = z
  .object({
    id: text(),
    summary: text(),
    kind: text().meta({ description: 'of module: script, flow, forloopflow, branchone, …' }),
    path: text().nullable().meta({ description: 'of the script or flow it runs' }),
    state: z.enum(['pending', 'queued', 'running', 'waiting', 'completed', 'failed', 'skipped']),
    job_id: jobId.nullable().meta({ description: 'read it for its steps, its log and its result' }),
    has_steps: z.boolean().meta({ description: 'the job is a flow itself' }),
    attempts: z.int(),
    progress: z.number().nullable().meta({ description: 'percent, where the step says' }),
    started_at: moment,
    completed_at: moment,
    parts: z
      .array(z.object({ job_id: jobId, success: z.boolean().nullable() }))
      .meta({ description: 'rounds of a loop, or branches, each a job of its own' }),
    parts_total: z.int().nullable().meta({ description: 'rounds a loop will have' }),
  })
  .meta({ id: 'FlowStep' })
export type FlowStep = z.infer<typeof FlowStep>

export const FlowApproval = z
  .object({
    step: text().meta({ description: 'the step behind which it waits' }),
    job_id: jobId,
    needed: z.int().meta({ description: 'approvals that are still missing' }),
    message: text().nullable(),
    form: metadata.nullable().meta({ description: 'JSON schema of what an approval brings along' }),
    defaults: metadata,
    may_reject: z.boolean(),
  })
  .meta({ id: 'FlowApproval' })
export type FlowApproval = z.infer<typeof FlowApproval>

export const FlowRunDetail = FlowRun.extend({
  kind: text().meta({ description: 'of job: flow, script, …' }),
  parent_job_id: jobId.nullable(),
  cancelled_by: text().nullable(),
  cancel_reason: text().nullable(),
  withheld: z
    .boolean()
    .meta({ description: 'what it was given and answered is for those who may plan' }),
  args: metadata.nullable(),
  result: z.unknown(),
  error: z.object({ name: text(), message: text(), step: text().nullable() }).nullable(),
  steps: z.array(FlowStep),
  approval: FlowApproval.nullable(),
  protocol_run: z
    .object({ id, project_id: id, project_slug: text() })
    .nullable()
    .meta({ description: 'the run that this job executes, or was started for' }),
}).meta({ id: 'FlowRunDetail' })
export type FlowRunDetail = z.infer<typeof FlowRunDetail>

export const FlowDescription = z
  .object({
    path: startableFlow,
    summary: text(),
    description: text(),
    schema: metadata.meta({ description: 'JSON schema of its arguments' }),
  })
  .meta({ id: 'FlowDescription' })
export type FlowDescription = z.infer<typeof FlowDescription>
