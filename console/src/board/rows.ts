/** A run of a list's cards, as indices: from the first one to before the last one. */
export interface Rows {
  from: number
  to: number
}

/** What is drawn of a list: cards, and the room of those between them that are not. */
export type Piece = { card: number } | { gap: number; height: number }

/**
 * The pieces of a list of `count` cards of which `rows` are near the screen. `pins` are drawn
 * wherever they are: the card with the focus, say, must not go away when it is scrolled off.
 */
export function piecesOf(
  count: number,
  rows: Rows,
  pins: readonly number[],
  heightOf: (index: number) => number,
): Piece[] {
  const from = Math.min(rows.from, count)
  const to = Math.min(rows.to, count)
  const drawn = new Set(pins.filter((pin) => pin >= 0 && pin < count))
  for (let index = from; index < to; index++) drawn.add(index)
  const pieces: Piece[] = []
  let next = 0
  const skipTo = (index: number) => {
    let height = 0
    for (let skipped = next; skipped < index; skipped++) height += heightOf(skipped)
    if (index > next) pieces.push({ gap: next, height })
  }
  for (const card of [...drawn].sort((a, b) => a - b)) {
    skipTo(card)
    pieces.push({ card })
    next = card + 1
  }
  skipTo(count)
  return pieces
}

/**
 * The cards that reach into a stretch of the list, in the heights' unit from its top.
 * Empty where the list ends above the stretch or begins below it.
 */
export function rowsWithin(
  count: number,
  stretch: { top: number; bottom: number },
  heightOf: (index: number) => number,
): Rows {
  let bottom = 0
  let from = count
  for (let index = 0; index < count; index++) {
    const top = bottom
    if (top > stretch.bottom) return { from: Math.min(from, index), to: index }
    bottom += heightOf(index)
    if (from === count && bottom >= stretch.top) from = index
  }
  return { from, to: count }
}
