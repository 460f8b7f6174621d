import * as z from 'zod'
import { id, name, storyPoints, text, timestamp } from './fields.ts'

export const protocolStatus = z.enum([
  'pending',
  'planning',
  'planned',
  'running',
  'paused',
  'blocked',
  'needs_qa',
  'failed',
  'cancelled',
  'completed',
])
export type ProtocolStatus = z.infer<typeof protocolStatus>

export const stepStatus = z.enum([
  'pending',
  'running',
  'needs_qa',
  'skipped',
  'completed',
  'failed',
  'timeout',
  'cancelled',
  'blocked',
])
export type StepStatus = z.infer<typeof stepStatus>

/** Ways of running work. `planning` is the writing of a spec's documents. */
export const protocolKind = z.enum([
  'protocol',
  'story_batch',
  'sprint_execution',
  'phase',
  'planning',
])

export const ProtocolRun = z
  .object({
    id,
    project_id: id,
    spec_id: id.nullable(),
    protocol_name: name(),
    kind: protocolKind,
    status: protocolStatus,
    linked_sprint_id: id.nullable(),
    sprint_id: id.nullable(),
    parent_run_id: id.nullable(),
    flow_job_id: text().nullable(),
    execution: z.enum(['running', 'waiting']).nullable().meta({
      description: 'a flow is executing the run, or goes on by itself once a step may start',
    }),
    started_at: timestamp.nullable(),
    finished_at: timestamp.nullable(),
    created_at: timestamp,
    updated_at: timestamp,
  })
  .meta({ id: 'ProtocolRun', description: 'One execution of a plan' })
export type ProtocolRun = z.infer<typeof ProtocolRun>

const byKind = <T extends z.ZodType>(count: T) =>
  z.strictObject({
    input_uncached: count,
    cache_read: count,
    cache_write: count,
    output: count,
    reasoning: count,
  })

/** What was spent, in tokens. `output` includes `reasoning`; the others do not overlap. */
export const StepUsage = byKind(z.int().min(0)).meta({
  id: 'StepUsage',
  description: 'Tokens by kind',
})
export type StepUsage = z.infer<typeof StepUsage>

/** What one attempt may say it spent: bounded, so that the sums of many stay whole numbers. */
export const attemptTokens = z.int().min(0).max(1_000_000_000_000)
export const AttemptUsage = byKind(attemptTokens).meta({ id: 'AttemptUsage' })
export const attemptCostUsd = z.number().min(0).max(1_000_000)

export const StepRun = z
  .object({
    id,
    project_id: id,
    protocol_run_id: id,
    step_index: z.int(),
    step_name: name(),
    step_type: text(100),
    status: stepStatus,
    status_reason: text().nullable(),
    depends_on: z.array(id).meta({ description: 'ids of steps of the same run' }),
    parallel_group: text(200).nullable(),
    story_points: storyPoints.nullable(),
    qa_required: z.boolean(),
    attempt: z.int(),
    agent: text(200).nullable(),
    tokens: z
      .int()
      .nullable()
      .meta({ description: 'spent by all attempts; usage and cost_usd, too' }),
    usage: StepUsage.nullable(),
    cost_usd: z.number().min(0).nullable(),
    version: z.int(),
    flow_job_id: text().nullable().meta({ description: 'the job that runs it, or ran it last' }),
    linked_task_id: id.nullable(),
    task_id: id.nullable(),
    deleted_at: timestamp.nullable(),
    started_at: timestamp.nullable(),
    completed_at: timestamp.nullable(),
    created_at: timestamp,
    updated_at: timestamp,
  })
  .meta({ id: 'StepRun', description: 'One step of a protocol run' })
export type StepRun = z.infer<typeof StepRun>

const amount = z.int().min(0)
export const ProtocolProgress = z
  .object({
    protocol_run_id: id,
    steps: amount.meta({ description: 'living steps, cancelled ones apart' }),
    done: amount.meta({ description: 'completed or skipped' }),
    running: amount,
    stuck: amount.meta({ description: 'failed, timed out or blocked' }),
    tokens: amount.nullable(),
    cost_usd: z.number().min(0).nullable(),
    agents: z.array(text(200)),
  })
  .meta({
    id: 'ProtocolProgress',
    description: 'How far the steps of a run are, and what they cost',
  })
export type ProtocolProgress = z.infer<typeof ProtocolProgress>

export const Artifact = z
  .object({
    id,
    step_run_id: id,
    attempt: z.int(),
    name: name(),
    media_type: text(200),
    uri: text().nullable(),
    content: text(1_000_000).nullable(),
    created_at: timestamp,
  })
  .meta({ id: 'Artifact', description: 'Something a step produced' })
export type Artifact = z.infer<typeof Artifact>

export const TaskArtifact = Artifact.omit({ content: true })
  .extend({ task_id: id, size: z.int().nullable().meta({ description: 'characters of content' }) })
  .meta({ id: 'TaskArtifact', description: 'What the step of a card produced, without its text' })
export type TaskArtifact = z.infer<typeof TaskArtifact>

export const StepLogLine = z
  .object({
    attempt: z.int(),
    seq: z.int(),
    stream: z.enum(['stdout', 'stderr', 'system']),
    line: text(),
    emitted_at: timestamp,
  })
  .meta({ id: 'StepLogLine' })
export type StepLogLine = z.infer<typeof StepLogLine>
