import type { NewEvent } from '../core/events/catalogue.ts'
import { changesBetween, type Told } from '../core/events/changes.ts'
import type { Tx } from '../store/database.ts'
import type { Work } from './runtime.ts'

/**
 * Writes what is wanted otherwise of a locked row, and tells of it. Where nothing differs, the row
 * is answered as it is.
 */
export async function saveChanges<T extends { id: number }>(
  work: Work,
  before: T,
  wanted: { [K in keyof T]?: T[K] | undefined },
  save: (tx: Tx, id: number, values: Partial<T>) => Promise<T>,
  eventsOf: (changes: Told) => NewEvent[],
): Promise<T> {
  const changes = changesBetween(before, wanted)
  if (!changes) {
    work.nothingChanged()
    return before
  }
  const after = await save(work.tx, before.id, changes.values)
  await work.record(...eventsOf(changes.told))
  return after
}
