import type { TaskDependency } from '../../core/entities/task.ts'
import type { DomainError } from '../../core/errors.ts'
import type { TaskRow } from '../../store/tasks.ts'

/** What a task never changes, or only together with its step and its file. */
export const fixed = ['code', 'occurrence', 'protocol_run_id', 'spec_id', 'step_run_id'] as const
/** The rest of the content of a task, but for its dependencies. */
export const restorable = [
  'acceptance_criteria',
  'agent_config',
  'assignee',
  'blocked_reason',
  'board_status',
  'deliverables',
  'description',
  'due_date',
  'external_id',
  'hand_set',
  'labels',
  'objectives',
  'position',
  'priority',
  'skipped',
  'sprint_id',
  'story_points',
  'title',
  'type',
] as const

export type Edge = Omit<TaskDependency, 'task_id'>
/** The content of a task, or what is wanted otherwise of it. */
export type TaskContent = Partial<
  Pick<TaskRow, (typeof fixed)[number] | (typeof restorable)[number]> & { depends_on: Edge[] }
>

export interface Refusal {
  task_id: number
  error: DomainError
}
