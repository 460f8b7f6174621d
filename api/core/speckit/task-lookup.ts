import { candidateId } from './choose-tasks.ts'
import { expandPart } from './id-index.ts'
import type { PlacedTask } from './placed-task.ts'
import type { IdPart } from './task-id.ts'

/** Finds the tasks that an id or range in the text means. */
export class TaskLookup {
  readonly #exact = new Map<string, number[]>()
  readonly #covered = new Map<string, number>()

  constructor(placed: readonly PlacedTask[]) {
    let budget = 1_000_000
    for (const [index, { task, candidate }] of placed.entries()) {
      const same = this.#exact.get(task.externalId)
      if (same === undefined) this.#exact.set(task.externalId, [index])
      else same.push(index)
      const { parts } = candidateId(candidate)
      if (budget <= 0 || (parts.length === 1 && parts[0]?.to === null)) continue
      for (const part of parts) {
        for (const id of expandPart(part)) {
          budget--
          if (!this.#covered.has(id)) this.#covered.set(id, index)
        }
      }
    }
  }

  /** Index of the task; of several with one id, the last at or above `before`, else the first. */
  find(id: string, before: number | null): number | null {
    const same = this.#exact.get(id)
    if (same === undefined) return this.#covered.get(id) ?? null
    if (before === null) return same[0] ?? null
    let low = 0
    let high = same.length
    while (low < high) {
      const middle = (low + high) >> 1
      if ((same[middle] ?? 0) < before) low = middle + 1
      else high = middle
    }
    return same[Math.max(0, low - 1)] ?? null
  }

  /** The tasks meant by a group, without repeats; `unknown` when it names one that is not in the file. */
  findAll(
    parts: readonly IdPart[],
    before: number | null,
  ): { indexes: number[]; unknown: boolean } {
    const indexes = new Set<number>()
    let unknown = false
    for (const part of parts) {
      const ids = expandPart(part)
      let hits = 0
      for (const id of ids) {
        const index = this.find(id, before)
        if (index === null) continue
        indexes.add(index)
        hits++
      }
      // A range may have gaps; an id that is spelled out may not.
      if (hits === 0) unknown = true
    }
    return { indexes: [...indexes], unknown }
  }
}
