import type { Task } from '../api/types.ts'
import { fields } from './changes.ts'
import type { Beside, Entry, EntryItem } from './entry.ts'
import type { OutboxState, Overtaken } from './outbox.ts'

type Kept = Pick<OutboxState, 'entries' | 'overtaken'>

/** One place per person: what one has not sent yet is not sent in another's name. */
export const placeOf = (person: string) => `devgodzilla.unsent.${person}`

/** What of the browser's storage is used. */
interface KeptIn {
  setItem(key: string, value: string): void
  removeItem(key: string): void
}

/** The session's storage, which outlives a reload; a full one keeps what it can. */
export function keep(storage: KeptIn, person: string, { entries, overtaken }: Kept): boolean {
  try {
    if (entries.length + overtaken.length === 0) storage.removeItem(placeOf(person))
    else storage.setItem(placeOf(person), JSON.stringify({ entries, overtaken }))
    return true
  } catch {
    return false
  }
}

/** What was kept, as far as it can be read; anything else there is dropped, and counted. */
export function readKept(text: string | null): Kept & { unreadable: number } {
  if (text === null) return { entries: [], overtaken: [], unreadable: 0 }
  let raw: unknown
  try {
    raw = JSON.parse(text)
  } catch {
    return { entries: [], overtaken: [], unreadable: 1 }
  }
  const given = isObject(raw) ? raw : {}
  const all = [listOf(given.entries), listOf(given.overtaken)] as const
  const entries = all[0].filter(isEntry)
  const overtaken = all[1].filter(isOvertaken)
  return {
    entries,
    overtaken,
    unreadable: all[0].length + all[1].length - entries.length - overtaken.length,
  }
}

type Json = Record<string, unknown>
const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : [])
const isText = (value: unknown): value is string => typeof value === 'string'
const isId = (value: unknown): value is number => Number.isSafeInteger(value) && Number(value) > 0
const isTexts = (value: unknown) => Array.isArray(value) && value.every(isText)
const orNull = (is: (value: unknown) => boolean) => (value: unknown) => value === null || is(value)

const types: Record<string, (value: unknown) => boolean> = {
  title: isText,
  description: isText,
  type: isText,
  sprint_id: orNull(isId),
  board_status: isText,
  blocked_reason: orNull(isText),
  priority: isText,
  story_points: orNull(Number.isInteger),
  labels: isTexts,
  acceptance_criteria: isTexts,
  assignee: orNull(isText),
  due_date: orNull(isText),
  position: Number.isFinite,
  labels_add: isTexts,
  labels_remove: isTexts,
}

const areValues = (value: unknown) =>
  isObject(value) && Object.entries(value).every(([field, it]) => types[field]?.(it) ?? false)

const isTask = (value: unknown): value is Task =>
  isObject(value) &&
  [value.id, value.project_id].every(isId) &&
  [value.code, value.created_at, value.updated_at].every(isText) &&
  fields.every((field) => types[field]?.(value[field]))

const isItem = (value: unknown): value is EntryItem =>
  isObject(value) && isTask(value.task) && areValues(value.changes) && areValues(value.expected)

const isBeside = (value: unknown): value is Beside =>
  isObject(value) &&
  Object.entries(value).every(([side, id]) => ['before', 'after'].includes(side) && isId(id))

const isEntry = (value: unknown): value is Entry =>
  isObject(value) &&
  [value.key, value.label, value.group].every(isText) &&
  /^[\x21-\x7e]{1,100}$/.test(String(value.key)) &&
  [value.undoes, value.sent].every((it) => typeof it === 'boolean') &&
  (value.place === null || isBeside(value.place)) &&
  Array.isArray(value.items) &&
  value.items.length > 0 &&
  value.items.every(isItem)

const isOvertaken = (value: unknown): value is Overtaken =>
  isObject(value) &&
  [value.key, value.label, value.group].every(isText) &&
  Array.isArray(value.items) &&
  value.items.every((it) => isObject(it) && isItem(it.edit) && isTask(it.theirs))
