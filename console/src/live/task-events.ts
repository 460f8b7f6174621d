import type { EventType, Payload, StoredEvent, Task } from '../api/types.ts'

const isOf = <T extends EventType>(
  event: StoredEvent,
  type: T,
): event is StoredEvent & { payload: Payload<T> } => event.type === type

/**
 * The cards as the events tell them, for what an event tells in full: the column, the reason,
 * the points, and a card that left the sprint. The rest is read again (`refreshAfter`).
 * Answers the same array when nothing changed.
 */
export function applyEvents(
  tasks: readonly Task[],
  events: readonly StoredEvent[],
  sprintId: number,
): readonly Task[] {
  return events.reduce((current, event) => applyEvent(current, event, sprintId), tasks)
}

function applyEvent(tasks: readonly Task[], event: StoredEvent, sprintId: number): readonly Task[] {
  if (event.entity_type !== 'task') return tasks
  const index = tasks.findIndex((it) => it.id === event.entity_id)
  const task = tasks[index]
  // An older event says nothing about a card that was read after it.
  if (task === undefined || event.emitted_at < task.updated_at) return tasks
  // Written in one transaction with the card, so at the same time: what is read from before it is
  // older than what it tells.
  const updated_at = event.emitted_at
  if (isOf(event, 'task.status_changed')) {
    const { to, reason, skipped } = event.payload
    if (task.board_status === to && task.skipped === skipped) return tasks
    const blocked_reason = to === 'blocked' ? reason : null
    return tasks.with(index, { ...task, board_status: to, skipped, blocked_reason, updated_at })
  }
  if (isOf(event, 'task.estimated')) {
    return tasks.with(index, { ...task, story_points: event.payload.to, updated_at })
  }
  if (isOf(event, 'task.removed_from_sprint') && event.payload.to_sprint_id !== sprintId) {
    return tasks.toSpliced(index, 1)
  }
  return tasks
}

/** Puts a card that was read again in its place: added, replaced, or gone from this sprint. */
export const placeTask = (tasks: readonly Task[], task: Task, sprintId: number): readonly Task[] =>
  placeInList(tasks, task, (it) => it.sprint_id === sprintId && it.board_status !== 'archived')

/** The same in any list of tasks. */
export function placeInList(
  tasks: readonly Task[],
  task: Task,
  holds: (task: Task) => boolean,
): readonly Task[] {
  const index = tasks.findIndex((it) => it.id === task.id)
  const known = tasks[index]
  if (known === undefined) return holds(task) ? [...tasks, task] : tasks
  if (task.updated_at < known.updated_at) return tasks
  return holds(task) ? tasks.with(index, task) : tasks.toSpliced(index, 1)
}
