import * as z from 'zod'
import { id, text } from '../../entities/fields.ts'
import { protocolStatus, StepUsage, stepStatus } from '../../entities/protocol.ts'
import { changes, leftOut, moment } from './parts.ts'

const stepMoved = z.object({
  step_name: text(),
  from: stepStatus,
  to: stepStatus,
  reason: text().nullable(),
  attempt: z.int(),
  version: z.int(),
  linked_task_id: id.nullable(),
  tokens: z.int().nullable(),
  usage: StepUsage.nullable().default(null),
  cost_usd: z.number().min(0).nullable().default(null),
  at: z.iso.datetime(),
})

/** Protocol runs, their steps, and the flows that run for them. */
export const execution = {
  'protocol.created': z.object({ protocol_name: text(), steps: z.int() }),
  'protocol.imported': z.object({
    source_id: id,
    protocol_name: text(),
    status: protocolStatus,
    created_at: moment,
    started_at: moment,
    finished_at: moment,
  }),
  'protocol.updated': changes,
  'protocol.sprint_linked': z.object({ sprint_id: id }),
  'protocol.sync_resumed': z.object({
    moved: z.array(z.object({ task_id: id, actor: text() })),
  }),
  'protocol.replanned': z.object({
    added: z.array(id),
    changed: z.array(id),
    deleted: z.array(id),
  }),
  'protocol.status_changed': z.object({ from: protocolStatus, to: protocolStatus }),

  'protocol.execution_started': z.object({
    job_id: text(),
    /** False where the job told so itself: nobody has to start it. */
    start_flow: z.boolean(),
  }),
  'protocol.execution_ended': z.object({ job_id: text(), broken: text().nullable() }),
  'protocol.execution_cancelled': z.object({ job_id: text() }),
  'protocol.flow_ended': z.object({ job_id: text(), path: text(), success: z.boolean() }),

  'flow.started': z.object({
    job_id: text(),
    path: text(),
    /** The job whose flow and arguments these are, where it was started again. */
    again: text().nullable(),
  }),
  'flow.cancelled': z.object({ job_id: text(), path: text(), reason: text() }),
  'flow.answered': z.object({ job_id: text(), path: text(), step: text(), approved: z.boolean() }),

  'step.started': stepMoved,
  'step.qa_submitted': stepMoved,
  'step.completed': stepMoved,
  'step.failed': stepMoved,
  'step.blocked': stepMoved,
  'step.timed_out': stepMoved,
  'step.skipped': stepMoved,
  'step.cancelled': stepMoved,
  'step.retried': stepMoved,
  'step.updated': changes,
  'step.deleted': z.object({ step_name: text() }),
  'step.artifact_added': z.object({
    artifact_id: id,
    name: text(),
    attempt: z.int(),
    left_out: leftOut,
  }),
} as const
