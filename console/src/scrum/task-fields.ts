import type { BoardStatus, Priority, Task } from '../api/types.ts'
import { formatDay } from '../format/dates.ts'
import { spoken } from '../format/words.ts'
import { columnNames } from './columns.ts'

/** The most pressing first. */
export const priorities: readonly Priority[] = ['critical', 'high', 'medium', 'low']

export const taskTypes: readonly Task['type'][] = ['story', 'bug', 'task', 'spike', 'epic']

/** What the API’s names of a card’s fields are called to people, where it is something else. */
const names = new Map([
  ['sprint_id', 'sprint'],
  ['board_status', 'column'],
  ['blocked_reason', 'reason'],
  ['story_points', 'points'],
  ['acceptance_criteria', 'checklist'],
  ['position', 'place'],
  ['labels_add', 'labels'],
  ['labels_remove', 'labels'],
])
export const fieldName = (field: string): string => names.get(field) ?? spoken(field)

const nothing = new Map([
  ['assignee', 'nobody'],
  ['story_points', 'no estimate'],
  ['sprint_id', 'the backlog'],
  ['due_date', 'no date'],
])

/** A value of a card’s field as people read it; a step’s status may stand against a column. */
export function fieldValue(field: string, value: unknown): string {
  if (value === null || value === '') return nothing.get(field) ?? 'nothing'
  if (field === 'board_status') {
    return columnNames[value as BoardStatus] ?? spoken(String(value))
  }
  if (field === 'due_date') return formatDay(String(value))
  if (field === 'sprint_id') return 'another sprint'
  if (Array.isArray(value)) return value.length === 0 ? 'none' : value.join(', ')
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}
