import type { Task } from '../api/types.ts'
import { applyChanges, same, type TaskChanges, type Values } from './changes.ts'

export interface EntryItem {
  /** As it was when the edit was made: what it is laid over where no list has it yet. */
  task: Task
  changes: TaskChanges
  /** The values that were seen: somebody else's are not overwritten unseen. */
  expected: Values
}

/** Beside which card; with neither, last in the list. */
export interface Beside {
  before?: number
  after?: number
}

/** One call to the API. */
export interface Entry {
  /** The Idempotency-Key: however often it is sent, it is done once. */
  key: string
  /** What was done, as an order to read: “T003 moved to Review”. */
  label: string
  /** Calls of one edit by a person, which are undone together. */
  group: string
  /** An undo or a redo gives way to what somebody did since, and says so. */
  undoes: boolean
  items: readonly EntryItem[]
  place: Beside | null
  /** It may have arrived: from now on it is repeated as it is. */
  sent: boolean
}

export const taskIdsOf = ({ items }: Entry): number[] => items.map(({ task }) => task.id)

/** Every card it has to wait for: its own, and the one beside which they go. */
export const touched = (entry: Entry): number[] => [
  ...taskIdsOf(entry),
  ...[entry.place?.before, entry.place?.after].filter((id) => id !== undefined),
]

/** The fields that many tasks can get in one call. */
const shared = new Set([
  'board_status',
  'blocked_reason',
  'priority',
  'assignee',
  'story_points',
  'labels_add',
  'labels_remove',
  'sprint_id',
  'due_date',
])
/** Tasks that one call takes at most. */
export const mostShared = 1000

/** Items that one call can carry, together: those that are seen alike and changed alike. */
export function grouped(items: readonly EntryItem[]): EntryItem[][] {
  const groups: EntryItem[][] = []
  const open = new Map<string, EntryItem[]>()
  for (const item of items) {
    const alike = Object.keys(item.changes).every((field) => shared.has(field))
    const key = alike ? JSON.stringify([item.changes, item.expected]) : ''
    const group = open.get(key)
    if (alike && group && group.length < mostShared) {
      group.push(item)
      continue
    }
    const begun = [item]
    groups.push(begun)
    if (alike) open.set(key, begun)
  }
  return groups
}

/** An entry once more, as several where its items are no longer alike. */
export function separated(entry: Entry, newKey: () => string): Entry[] {
  if (entry.place !== null) return [entry]
  const groups = grouped(entry.items)
  if (groups.length <= 1) return [entry]
  return groups.map((items, index) => ({
    ...entry,
    items,
    key: index === 0 ? entry.key : newKey(),
  }))
}

/**
 * What the server says now of a task that an entry had changed: later entries that were made on top
 * of the entry's own values are made on top of these instead.
 */
export function rebased(later: readonly Entry[], done: EntryItem, now: Values): Entry[] {
  const wanted: Values = applyChanges(done.task, done.changes)
  const pending = new Set(Object.keys(wanted) as (keyof Values)[])
  return later.map((entry) => {
    const mine = entry.items.find(({ task }) => task.id === done.task.id)
    if (mine === undefined || entry.sent) return entry
    const moved: Values = {}
    for (const field of Object.keys(mine.expected) as (keyof Values)[]) {
      // Only the first later edit of a field was made on top of this one.
      if (!pending.delete(field)) continue
      if (same(mine.expected[field], wanted[field]) && now[field] !== undefined) {
        Object.assign(moved, { [field]: now[field] })
      }
    }
    if (Object.keys(moved).length === 0) return entry
    const item = { ...mine, expected: { ...mine.expected, ...moved } }
    return { ...entry, items: entry.items.map((it) => (it === mine ? item : it)) }
  })
}
