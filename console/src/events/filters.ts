import type { StoredEvent } from '../api/types.ts'

/** What can be asked of the log, by the API's own names; all of it stands in the address. */
export const filterNames = [
  'type',
  'level',
  'actor',
  'sprint_id',
  'protocol_run_id',
  'entity_type',
  'entity_id',
  'correlation_id',
  'since',
  'until',
] as const
export type FilterName = (typeof filterNames)[number]
export type Filters = Partial<Record<FilterName, string>>

export function filtersIn(query: URLSearchParams): Filters {
  const filters: Filters = {}
  for (const name of filterNames) {
    const value = query.get(name)?.trim()
    if (value) filters[name] = value
  }
  return filters
}

const levels = ['debug', 'info', 'warning', 'error']

/** Whether the API would list the event under these filters: what the stream brings is asked. */
export function fitsFilters(event: StoredEvent, filters: Filters): boolean {
  const { type, level, since, until, ...equal } = filters
  if (type && !type.split(',').some((pattern) => fitsType(event.type, pattern.trim()))) return false
  if (level && levels.indexOf(event.level) < levels.indexOf(level)) return false
  if (since && Date.parse(event.emitted_at) < Date.parse(since)) return false
  if (until && Date.parse(event.emitted_at) >= Date.parse(until)) return false
  return Object.entries(equal).every(
    ([name, value]) => String(event[name as keyof StoredEvent]) === value,
  )
}

const fitsType = (type: string, pattern: string) =>
  pattern.endsWith('.*') ? type.startsWith(pattern.slice(0, -1)) : type === pattern
