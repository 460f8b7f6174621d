import type { Task } from '../api/types.ts'
import { count } from '../format/words.ts'
import { columnNames } from '../scrum/columns.ts'
import { shortId } from '../scrum/short-id.ts'
import { fieldName } from '../scrum/task-fields.ts'
import type { TaskChanges, TaskEdit } from './changes.ts'

/** “T003”, or “4 cards”. */
export const cardsOf = (tasks: readonly Task[]): string => {
  const [first] = tasks
  return tasks.length === 1 && first ? shortId(first) : count(tasks.length, 'card')
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
