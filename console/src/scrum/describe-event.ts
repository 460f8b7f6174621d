import type { BoardStatus, StoredEvent } from '../api/types.ts'
import { capital, count, spoken } from '../format/words.ts'
import { agentWords } from './agent-words.ts'
import { columnNames } from './columns.ts'
import { fieldName, fieldValue } from './task-fields.ts'

const textOf = (value: unknown): string | null =>
  typeof value === 'string' || typeof value === 'number' ? String(value) : null

const column = (status: unknown) => columnNames[status as BoardStatus] ?? String(status)

const points = (value: unknown) => (typeof value === 'number' ? count(value, 'point') : 'no points')

/** A side of a conflict. */
const side = (value: unknown, field: string) =>
  typeof value === 'string' ? `“${fieldValue(field, value)}”` : fieldValue(field, value)

const other = ({ source }: StoredEvent['payload']) => (source === 'protocol' ? 'step' : 'file')

function outcome(payload: StoredEvent['payload']): string {
  if (payload.side === 'superseded') return 'is over: its sides have changed'
  return `resolved for the ${payload.side === 'board' ? 'board' : other(payload)}`
}

/** One sentence for a person; a type this console does not know is told by its name. */
export function describe({ type, payload }: StoredEvent): string {
  const name = textOf(payload.name) ?? textOf(payload.code) ?? textOf(payload.step_name)
  const reason = textOf(payload.reason)
  const because = reason ? `: ${reason}` : ''
  const words = Object.hasOwn(agentWords, type) && agentWords[type]
  if (words) return words(payload)
  switch (type) {
    case 'task.created':
      return `Created ${textOf(payload.code)} “${textOf(payload.title)}”`
    case 'task.status_changed':
      return `Moved from ${column(payload.from)} to ${column(payload.to)}${because}`
    case 'task.estimated':
      return `Estimated at ${points(payload.to)}, before ${points(payload.from)}`
    case 'sprint.velocity_updated':
      return `Velocity is ${textOf(payload.velocity_actual)}: ${textOf(payload.completed_points)} of ${textOf(payload.total_points)} points done`
    case 'sprint.started':
      return `Started, committed to ${points(payload.committed_points)}`
    case 'sprint.completed':
      return `Completed with ${points(payload.completed_points)}, ${textOf(payload.carried_over_points)} carried over`
    case 'sprint.failed':
      return `Failed with ${points(payload.completed_points)}, ${textOf(payload.carried_over_points)} carried over${because}`
    case 'sprint.reopened':
      return `Reopened, before ${spoken(String(payload.from))}${because}`
    case 'sprint.overridden':
    case 'task.overridden':
      return `Changed in a closed sprint${because}`
    case 'conflict.recorded':
      return `Conflict over ${fieldName(String(payload.field))}: board ${side(payload.board, String(payload.field))}, ${other(payload)} ${side(payload.other, String(payload.field))}`
    case 'conflict.resolved':
      return `Conflict over ${fieldName(String(payload.field))} ${outcome(payload)}`
    case 'step.artifact_added':
      return `Artifact “${name}” added`
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
    return `Changed ${fields.map(fieldName).join(', ')}`
  }
  const sentence = capital(verb)
  return name ? `${sentence} “${name}”` : sentence
}
