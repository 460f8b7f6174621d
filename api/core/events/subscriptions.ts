import { jobIdOf } from '../job-id.ts'
import type { EventType } from './catalogue.ts'

export const handlerNames = [
  'step_to_task',
  'task_to_velocity',
  'protocol_to_sprint',
  'webhook_to_flow',
  'job_to_protocol',
  'execution_to_flow',
  'catch_up',
  'changes_to_files',
] as const
export type HandlerName = (typeof handlerNames)[number]

const subscriptions: Record<HandlerName, readonly EventType[]> = {
  step_to_task: [
    'step.started',
    'step.qa_submitted',
    'step.completed',
    'step.failed',
    'step.blocked',
    'step.timed_out',
    'step.skipped',
    'step.cancelled',
    'step.retried',
  ],
  task_to_velocity: [
    'task.created',
    'task.status_changed',
    'task.estimated',
    'task.added_to_sprint',
    'task.removed_from_sprint',
    'spec.tasks_imported',
    'sprint.synced',
    'sprint.started',
    'sprint.reopened',
  ],
  protocol_to_sprint: ['protocol.created'],
  webhook_to_flow: ['webhook.received'],
  job_to_protocol: ['webhook.job_reported'],
  execution_to_flow: ['protocol.execution_started', 'protocol.execution_cancelled'],
  catch_up: ['protocol.sync_resumed'],
  changes_to_files: [
    'project.updated',
    'spec.tasks_imported',
    'sprint.created',
    'sprint.imported',
    'sprint.updated',
    'sprint.started',
    'sprint.completed',
    'sprint.failed',
    'sprint.reopened',
    'sprint.archived',
    'sprint.rolled_back',
    'sprint.synced',
    'task.created',
    'task.updated',
    'task.status_changed',
    'task.estimated',
    'task.added_to_sprint',
    'task.removed_from_sprint',
    'task.dependency_added',
    'task.dependency_removed',
    'task.noted',
    'task.rolled_back',
    'work.undone',
    'work.replayed',
    'conflict.resolved',
    'adr.created',
    'adr.updated',
    'adr.superseded',
    'webhook.files_pushed',
  ],
}

/** What a handler's events are put in order by. */
function keyOf(handler: HandlerName, event: Addressed): number | string | null {
  if (handler === 'task_to_velocity') return event.sprintId
  if (handler === 'changes_to_files') return event.projectId
  if (handler === 'webhook_to_flow') {
    // A path can be longer than an index takes.
    return event.projectId === null ? null : jobIdOf(event.projectId, event.specPath ?? '')
  }
  return event.protocolRunId
}

interface Addressed {
  type: EventType
  projectId: number | null
  sprintId: number | null
  protocolRunId: number | null
  /** Of an event about reading a spec. */
  specPath?: string | null
}

/**
 * Which handlers get an event, and in which queue: deliveries of one queue are handled one after
 * the other, in the order of their events. Empty for an event that nobody waits for.
 */
export function deliveriesOf(event: Addressed): { handler: HandlerName; queue: string }[] {
  return handlerNames
    .filter((handler) => subscriptions[handler].includes(event.type))
    .flatMap((handler) => {
      const key = keyOf(handler, event)
      return key === null ? [] : [{ handler, queue: `${handler}:${key}` }]
    })
}
