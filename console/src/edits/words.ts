import type { Task } from '../api/types.ts'
import { formatDay } from '../format/dates.ts'
import { count } from '../format/words.ts'
import { columnNames } from '../scrum/columns.ts'
import { shortId } from '../scrum/short-id.ts'
import type { Field, TaskChanges, TaskEdit } from './changes.ts'

const names: Record<Field, string> = {
  title: 'title',
  description: 'description',
  type: 'type',
  sprint_id: 'sprint',
  board_status: 'column',
  blocked_reason: 'reason',
  priority: 'priority',
  story_points: 'estimate',
  labels: 'labels',
  acceptance_criteria: 'checklist',
  assignee: 'assignee',
  due_date: 'due date',
  position: 'place',
}

const isField = (name: string): name is Field => name in names

/** What a field is called to people. */
export const fieldName = (name: string): string =>
  isField(name) ? names[name] : name.startsWith('labels_') ? 'labels' : name

/** “T003”, or “4 cards”. */
export const cardsOf = (tasks: readonly Task[]): string => {
  const [first] = tasks
  return tasks.length === 1 && first ? shortId(first) : count(tasks.length, 'card')
}

const nothing: Partial<Record<Field, string>> = {
  assignee: 'nobody',
  story_points: 'no estimate',
  sprint_id: 'the backlog',
  due_date: 'no date',
  blocked_reason: 'no reason',
}

/** A value as people read it. */
export function valueText(field: string, task: Task): string {
  if (!isField(field)) return ''
  const value = task[field]
  if (value === null || value === '') return nothing[field] ?? 'nothing'
  if (field === 'board_status') return columnNames[task.board_status]
  if (field === 'story_points') return count(Number(value), 'point')
  if (field === 'due_date') return formatDay(String(value))
  if (field === 'sprint_id') return 'another sprint'
  if (Array.isArray(value)) return value.length === 0 ? 'none' : value.join(', ')
  return String(value)
}

/** “T003 moved to Review”, where the caller says nothing better. */
export function labelOf(edits: readonly TaskEdit[]): string {
  const cards = cardsOf(edits.map(({ task }) => task))
  const changes: TaskChanges = edits[0]?.changes ?? {}
  if (changes.board_status) return `${cards} moved to ${columnNames[changes.board_status]}`
  if (changes.sprint_id === null) return `${cards} moved to the backlog`
  if (changes.sprint_id !== undefined) return `${cards} moved to another sprint`
  const named = [...new Set(Object.keys(changes).map(fieldName))].filter((it) => it !== 'place')
  return named.length === 0 ? `${cards} put elsewhere` : `${cards}: ${named.join(' and ')} changed`
}

/** The same edit, refused. */
export function refusalOf(task: Task, changes: TaskChanges): string {
  const id = shortId(task)
  if (changes.board_status) return `${id} could not move to ${columnNames[changes.board_status]}`
  const named = [...new Set(Object.keys(changes).map(fieldName))]
  return `${id}: the ${named.join(' and ')} could not be changed`
}
