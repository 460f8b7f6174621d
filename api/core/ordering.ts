/** Room left between neighbours, so that a card can go between them without moving others. */
export const gap = 256

const lowest = -2_147_483_648
const highest = 2_147_483_647

export interface Ordered {
  id: number
  position: number
}

/** The order of a column and of the backlog, the same for everybody. */
export const byPosition = (a: Ordered, b: Ordered) => a.position - b.position || a.id - b.id

/** The place behind a list that ends at `last`; 0 stands for an empty one. */
export const positionBehind = (last: number): number => Math.min(last + gap, highest)

/**
 * Positions that put `ids`, in this order, before the entry `at` of a list (its length: the end).
 * Where the room is used up, as few neighbours as make new room get other positions too, so that
 * what has to be written stays small however often one place is used (as in list labelling).
 */
export function placeAmong(
  others: readonly Ordered[],
  ids: readonly number[],
  at: number,
): Map<number, number> {
  let [from, to] = [at, at]
  for (;;) {
    const moved = [
      ...others.slice(from, at).map(({ id }) => id),
      ...ids,
      ...others.slice(at, to).map(({ id }) => id),
    ]
    const step = stepBetween(others[from - 1]?.position, others[to]?.position, moved.length)
    const wide = to - from
    if (step.size >= (wide === 0 ? 1 : leastAfterRenumbering) || wide === others.length) {
      const size = Math.max(1, step.size)
      return new Map(moved.map((id, index) => [id, step.after + size * (index + 1)]))
    }
    const more = Math.max(1, wide)
    from = Math.max(0, from - more)
    to = Math.min(others.length, to + more)
  }
}

const leastAfterRenumbering = 16

/** How far apart `count` entries may lie between two that stay, and behind which number. */
function stepBetween(lower: number | undefined, upper: number | undefined, count: number) {
  const span = gap * (count + 1)
  const after = lower ?? Math.max(lowest, Math.min((upper ?? span) - span, highest - span))
  const before = upper ?? Math.min(highest, after + span)
  return { after, size: Math.min(gap, Math.floor((before - after) / (count + 1))) }
}
