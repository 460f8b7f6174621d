import type { Task } from '../entities/task.ts'
import type { NewEvent, Payload } from './catalogue.ts'
import { changesBetween } from './changes.ts'

export type TaskSource = Payload<'task.status_changed'>['source']

const about = (task: Task) => ({
  entity_type: 'task',
  entity_id: task.id,
  project_id: task.project_id,
  sprint_id: task.sprint_id,
  protocol_run_id: task.protocol_run_id,
})

const workOn = ({ skipped, started_at, completed_at }: Task) => ({
  skipped,
  started_at,
  completed_at,
})

export const taskCreated = (task: Task, source: TaskSource): NewEvent => ({
  ...about(task),
  type: 'task.created',
  payload: {
    code: task.code,
    title: task.title,
    board_status: task.board_status,
    story_points: task.story_points,
    source,
    ...workOn(task),
  },
})

const plain = [
  'type',
  'title',
  'description',
  'blocked_reason',
  'priority',
  'hand_set',
  'labels',
  'acceptance_criteria',
  'objectives',
  'deliverables',
  'agent_config',
  'assignee',
  'position',
  'due_date',
  'external_id',
] as const

/** What to tell of a task that changed: each kind of change that a metric counts has its own event. */
export function taskChanged(before: Task, after: Task, source: TaskSource): NewEvent[] {
  const events: NewEvent[] = []
  if (before.sprint_id !== after.sprint_id) {
    if (before.sprint_id !== null) {
      events.push({
        ...about(after),
        sprint_id: before.sprint_id,
        type: 'task.removed_from_sprint',
        payload: { to_sprint_id: after.sprint_id, story_points: before.story_points },
      })
    }
    if (after.sprint_id !== null) {
      events.push({
        ...about(after),
        type: 'task.added_to_sprint',
        payload: {
          from_sprint_id: before.sprint_id,
          board_status: after.board_status,
          story_points: after.story_points,
          ...workOn(after),
        },
      })
    }
  }
  if (before.story_points !== after.story_points) {
    events.push({
      ...about(after),
      type: 'task.estimated',
      payload: { from: before.story_points, to: after.story_points },
    })
  }
  if (before.board_status !== after.board_status || before.skipped !== after.skipped) {
    events.push({
      ...about(after),
      type: 'task.status_changed',
      payload: {
        from: before.board_status,
        to: after.board_status,
        reason: after.blocked_reason,
        story_points: after.story_points,
        source,
        ...workOn(after),
      },
    })
  }
  const changes = changesBetween<Task>(
    before,
    Object.fromEntries(plain.map((field) => [field, after[field]])),
  )
  if (changes) {
    events.push({
      ...about(after),
      type: 'task.updated',
      payload: { changes: changes.told },
    })
  }
  return events
}
