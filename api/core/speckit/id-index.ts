import { SPECKIT_LIMITS } from './limits.ts'
import { type IdPart, idNumber } from './task-id.ts'

/** Ids from one end of a range to the other, at most `rangeSpan`; just the two ends when it is wider. */
export function expandPart(part: IdPart): string[] {
  if (part.to === null) return [part.from]
  const from = idNumber(part.from)
  const to = idNumber(part.to)
  if (from === null || to === null) return [part.from, part.to]
  if (to.value - from.value >= SPECKIT_LIMITS.rangeSpan) return [part.from, part.to]
  const ids = [part.from]
  for (let value = from.value + 1; value < to.value; value++) {
    ids.push(from.prefix + String(value).padStart(from.width, '0'))
  }
  ids.push(part.to)
  return ids
}

/** Which ids are spoken for, ranges included. Total expansion is bounded, so that adding stays linear. */
export class IdIndex {
  readonly #ids = new Set<string>()
  #budget = 1_000_000

  add(parts: readonly IdPart[]): void {
    for (const part of parts) {
      const ids = this.#budget > 0 ? expandPart(part) : [part.from]
      this.#budget -= part.to === null ? 0 : ids.length
      for (const id of ids) this.#ids.add(id)
    }
  }

  has(id: string): boolean {
    return this.#ids.has(id)
  }

  hasAny(parts: readonly IdPart[]): boolean {
    return parts.some((part) =>
      this.#budget > 0
        ? expandPart(part).some((id) => this.#ids.has(id))
        : this.#ids.has(part.from),
    )
  }
}
