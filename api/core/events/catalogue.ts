import { z } from 'zod'
import { id, text } from '../entities/fields.ts'
import { protocolStatus, StepUsage, stepStatus } from '../entities/protocol.ts'
import { SprintReport, sprintStatus } from '../entities/sprint.ts'
import { boardStatus } from '../entities/task.ts'

const changes = z.object({
  changes: z.record(z.string(), z.object({ from: z.json(), to: z.json() })),
})
const named = z.object({ name: text() })
const points = z.int().nullable()
const moment = z.iso.datetime().nullable().default(null)
/** Work on a card: when it began and ended, and whether it was left out. */
const work = { skipped: z.boolean().default(false), started_at: moment, completed_at: moment }

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
export type StepMoved = z.infer<typeof stepMoved>

const statusSource = z.enum(['hand', 'step', 'import', 'sprint'])

/** Every type of event there is, and the shape of its payload. */
export const catalogue = {
  'project.created': named,
  'project.updated': changes,
  'project.deleted': named,
  'project.sprints_linked': z.object({ sprints: z.int(), tasks: z.int() }),
  'project.history_imported': z.object({
    sprints: z.int(),
    tasks: z.int(),
    protocol_runs: z.int(),
    step_runs: z.int(),
  }),

  'spec.created': z.object({ path: text() }),
  'spec.updated': changes,
  'spec.archived': z.object({ path: text() }),
  'spec.tasks_imported': z.object({
    content_hash: text(),
    created: z.int(),
    updated: z.int(),
    archived: z.int(),
    moved: z.int(),
    conflicts: z.int(),
  }),

  'sprint.created': z.object({ code: text(), name: text(), protocol_run_id: id.nullable() }),
  'sprint.imported': z.object({
    source_id: id,
    name: text(),
    status: sprintStatus,
    start_date: moment,
    end_date: moment,
    created_at: moment,
    started_at: moment,
    completed_at: moment,
  }),
  'sprint.updated': changes,
  'sprint.started': z.object({
    committed_points: z.int(),
    committed_tasks: z.array(id),
    started_at: moment,
    end_date: moment,
  }),
  'sprint.completed': SprintReport,
  'sprint.failed': SprintReport.extend({ reason: text() }),
  'sprint.overridden': z.object({ reason: text() }),
  'sprint.reopened': z.object({ reason: text(), from: sprintStatus }),
  'sprint.archived': z.object({ code: text() }),
  'sprint.synced': z.object({ created: z.int(), updated: z.int(), archived: z.int() }),
  'sprint.velocity_updated': z.object({
    velocity_actual: z.int(),
    total_points: z.int(),
    completed_points: z.int(),
    completion_rate: z.number(),
  }),

  'task.created': z.object({
    code: text(),
    title: text(),
    board_status: boardStatus,
    story_points: points,
    source: statusSource,
    ...work,
  }),
  'task.updated': changes,
  'task.status_changed': z.object({
    from: boardStatus,
    to: boardStatus,
    reason: text().nullable(),
    story_points: points,
    source: statusSource,
    ...work,
  }),
  'task.estimated': z.object({ from: points, to: points }),
  'task.added_to_sprint': z.object({
    from_sprint_id: id.nullable(),
    board_status: boardStatus,
    story_points: points,
    ...work,
  }),
  'task.removed_from_sprint': z.object({ to_sprint_id: id.nullable(), story_points: points }),
  'task.overridden': z.object({ reason: text(), sprint_id: id }),
  'task.step_linked': z.object({ step_run_id: id }),
  'task.dependency_added': z.object({ depends_on_id: id, kind: z.enum(['hard', 'suggested']) }),
  'task.dependency_removed': z.object({ depends_on_id: id }),

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
    /** Events of this type that were left out since the one before, where they are sampled. */
    left_out: z.int().optional(),
  }),

  'conflict.recorded': z.object({
    conflict_id: id,
    field: text(),
    source: z.enum(['spec', 'protocol']),
    board: z.json(),
    other: z.json(),
  }),
  'conflict.resolved': z.object({
    conflict_id: id,
    field: text(),
    source: z.enum(['spec', 'protocol']),
    board: z.json(),
    other: z.json(),
    side: z.enum(['board', 'other', 'superseded']),
  }),

  'webhook.received': z.object({
    source: z.enum(['speckit', 'github']),
    told: text().nullable(),
    spec_path: text(),
    job_id: text(),
  }),
  'webhook.job_reported': z.object({ job_id: text() }),

  'events.archived': z.object({ month: text(), file: text(), events: z.int(), sha256: text() }),

  'delivery.parked': z.object({
    event_type: text(),
    handler: text(),
    attempts: z.int(),
    error: text(),
  }),
  'delivery.replayed': z.object({ event_type: text(), handler: text() }),
  'delivery.discarded': z.object({
    event_type: text(),
    handler: text(),
    attempts: z.int(),
    error: text().nullable(),
    reason: text(),
  }),

  'alert.raised': z.object({
    rule: text(),
    subject: text(),
    detail: text(),
    value: z.number(),
    limit: z.number(),
  }),
  'alert.cleared': z.object({ rule: text(), subject: text() }),

  'token.created': z.object({ name: text(), role: text() }),
  'token.revoked': z.object({ name: text() }),

  'view.created': named,
  'view.updated': changes,
  'view.deleted': named,

  'webhook.subscribed': z.object({ origin: text(), event_types: z.array(text()) }),
  'webhook.changed': z.object({ fields: z.array(text()), reason: text().nullable() }),
  'webhook.removed': z.object({ origin: text() }),
  'webhook.tested': z.object({ origin: text() }),
  'webhook.replayed': z.object({ messages: z.int() }),
  'webhook.parked': z.object({ messages: z.int(), first_message_id: id, error: text() }),
} as const

export type EventType = keyof typeof catalogue
export type Payload<T extends EventType> = z.infer<(typeof catalogue)[T]>

interface EventOf<T extends EventType> {
  type: T
  entity_type: string
  entity_id: number
  project_id: number | null
  sprint_id?: number | null
  protocol_run_id?: number | null
  payload: Payload<T>
  /** One of a batch that has an event of its own: stored and streamed, but wakes no handler. */
  quiet?: boolean
  /** The event that led to this one, where a transaction answers several; else the caller says. */
  cause?: Cause
}
export interface Cause {
  id: number
  correlation_id: string
}
/** An event as a verb tells it; the store adds id, origin and time. */
export type NewEvent = { [T in EventType]: EventOf<T> }[EventType]
