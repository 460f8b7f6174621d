/**
 * How well `text` answers what was typed; higher is better, null is not at all. Every word typed
 * must be there: at the beginning of a word best, within one less, as scattered letters least.
 */
export function score(typed: string, text: string): number | null {
  const words = folded(typed).split(/\s+/).filter(Boolean)
  const where = folded(text)
  let total = 0
  for (const word of words) {
    const points = scoreWord(word, where)
    if (points === null) return null
    total += points
  }
  // Of equals the shorter text is nearer to what was meant.
  return total - where.length / 1000
}

function scoreWord(word: string, text: string): number | null {
  const at = text.indexOf(word)
  if (at === 0) return 12
  if (at > 0) return text.includes(` ${word}`) ? 10 : 6
  if (word.length < 2) return null
  let from = 0
  let starts = 0
  for (const letter of word) {
    const found = text.indexOf(letter, from)
    if (found < 0) return null
    if (found === 0 || text[found - 1] === ' ') starts += 1
    from = found + letter.length
  }
  // Letters strewn over a sentence are chance; initials, as in "gb" for "Go to board", are not.
  const spread = from - text.indexOf(word[0] ?? '')
  return starts === word.length ? 5 : spread <= word.length * 3 ? 2 : null
}

const folded = (text: string) => text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase()

/** The best of `items`, best first; equals stay as they were. */
export function ranked<T>(items: readonly T[], typed: string, text: (item: T) => string): T[] {
  return items
    .flatMap((item) => {
      const points = score(typed, text(item))
      return points === null ? [] : [{ item, points }]
    })
    .toSorted((a, b) => b.points - a.points)
    .map(({ item }) => item)
}
