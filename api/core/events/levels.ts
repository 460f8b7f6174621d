import { type EventLevel, eventLevel } from '../entities/event.ts'
import { catalogue, type EventType } from './catalogue.ts'

/** The level of each type that is not `info`. */
const levels: Partial<Record<EventType, EventLevel>> = {
  'sprint.velocity_updated': 'debug',
  'step.artifact_added': 'debug',
  'context.assembled': 'debug',
  'session.resumed': 'debug',
  'file.synced': 'debug',
  'task.overridden': 'warning',
  'step.blocked': 'warning',
  'step.failed': 'warning',
  'step.timed_out': 'warning',
  'conflict.recorded': 'warning',
  'session.expired': 'warning',
  'task.claim_expired': 'warning',
  'delivery.parked': 'error',
  'delivery.discarded': 'warning',
  'alert.raised': 'error',
  'webhook.parked': 'error',
}

/** The level of a type, also of one that only older events have. */
export const levelOf = (type: string): EventLevel => levels[type as EventType] ?? 'info'

const allTypes = Object.keys(catalogue) as EventType[]

/** The types that matter at least that much. */
export function typesFrom(level: EventLevel): EventType[] {
  const least = eventLevel.options.indexOf(level)
  return allTypes.filter((type) => eventLevel.options.indexOf(levelOf(type)) >= least)
}

/** The types a pattern names: a type, `task.*` for all that begin so, or `*` for all. */
export function typesNamed(pattern: string): EventType[] {
  if (pattern === '*') return allTypes
  if (!pattern.endsWith('.*')) return allTypes.filter((type) => type === pattern)
  return allTypes.filter((type) => type.startsWith(pattern.slice(0, -1)))
}
