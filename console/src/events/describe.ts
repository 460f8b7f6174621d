import type { BoardStatus, StoredEvent } from '../api/types.ts'
import { columnNames } from '../board/columns.ts'
import { count, spoken } from '../format/words.ts'

const textOf = (value: unknown): string | null =>
  typeof value === 'string' || typeof value === 'number' ? String(value) : null

const column = (status: unknown) => columnNames[status as BoardStatus] ?? String(status)

/** One sentence for a person; a type this console does not know is told by its name. */
export function describe({ type, payload }: StoredEvent): string {
  const name = textOf(payload.name) ?? textOf(payload.code) ?? textOf(payload.step_name)
  const reason = textOf(payload.reason)
  const because = reason ? `: ${reason}` : ''
  switch (type) {
    case 'task.created':
      return `Created ${textOf(payload.code)} “${textOf(payload.title)}”`
    case 'task.status_changed':
      return `Moved from ${column(payload.from)} to ${column(payload.to)}${because}`
    case 'task.estimated':
      return `Estimated at ${textOf(payload.to) ?? 'no'} points, before ${textOf(payload.from) ?? 'none'}`
    case 'sprint.velocity_updated':
      return `Velocity is ${textOf(payload.velocity_actual)}: ${textOf(payload.completed_points)} of ${textOf(payload.total_points)} points done`
    case 'sprint.started':
      return `Started, committed to ${textOf(payload.committed_points)} points`
    case 'sprint.completed':
      return `Completed with ${textOf(payload.completed_points)} points, ${textOf(payload.carried_over_points)} carried over`
    case 'sprint.synced':
    case 'spec.tasks_imported':
      return `Imported: ${count(Number(payload.created), 'new card')}, ${textOf(payload.updated)} changed, ${Array.isArray(payload.archived) ? payload.archived.length : textOf(payload.archived)} archived`
    case 'protocol.created':
      return `Created run “${textOf(payload.protocol_name)}” with ${count(Number(payload.steps), 'step')}`
    case 'protocol.status_changed':
      return `Run went from ${spoken(String(payload.from))} to ${spoken(String(payload.to))}`
  }
  const verb = spoken(type.split('.').slice(1).join(' '))
  if (type.startsWith('step.')) return `Step “${name}” ${verb}${because}`
  const changes = payload.changes
  if (typeof changes === 'object' && changes !== null) {
    const fields = Object.keys(changes).filter((field) => field !== 'hand_set')
    return `Changed ${fields.map(spoken).join(', ')}`
  }
  const sentence = verb.charAt(0).toUpperCase() + verb.slice(1)
  return name ? `${sentence} “${name}”` : sentence
}
