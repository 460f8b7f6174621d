export interface Part {
  text: string
  /** Whether the words are in both texts, in the later one alone, or in the earlier one alone. */
  kind: 'same' | 'added' | 'removed'
}

/** Past this many words on a side, both are shown whole. */
const mostWords = 400

/**
 * What became of a text, word by word: the longest common subsequence of both, and between its
 * words what was removed and what was added there.
 */
export function difference(before: string, after: string): Part[] {
  if (before === after) return after === '' ? [] : [{ text: after, kind: 'same' }]
  const [a, b] = [wordsOf(before), wordsOf(after)]
  if (a.length > mostWords || b.length > mostWords) return joined([removed(before), added(after)])
  const lengths = commonLengths(a, b)
  const parts: Part[] = []
  let [i, j] = [0, 0]
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      parts.push({ text: a[i] ?? '', kind: 'same' })
      i++
      j++
    } else if (j >= b.length || (i < a.length && at(lengths, i + 1, j) >= at(lengths, i, j + 1))) {
      parts.push(removed(a[i++] ?? ''))
    } else {
      parts.push(added(b[j++] ?? ''))
    }
  }
  return joined(parts)
}

const removed = (text: string): Part => ({ text, kind: 'removed' })
const added = (text: string): Part => ({ text, kind: 'added' })
const at = (lengths: number[][], i: number, j: number) => lengths[i]?.[j] ?? 0

/** Words with the space behind them. */
const wordsOf = (text: string) => text.match(/\s*\S+\s*?(?=\s|$)|\s+$/g) ?? []

/** How long the longest common subsequence is from each pair of places on. */
function commonLengths(a: string[], b: string[]): number[][] {
  const lengths = Array.from({ length: a.length + 1 }, () =>
    new Array<number>(b.length + 1).fill(0),
  )
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      const row = lengths[i] as number[]
      row[j] =
        a[i] === b[j]
          ? at(lengths, i + 1, j + 1) + 1
          : Math.max(at(lengths, i + 1, j), at(lengths, i, j + 1))
    }
  }
  return lengths
}

function joined(parts: Part[]): Part[] {
  const result: Part[] = []
  for (const part of parts) {
    const last = result.at(-1)
    if (part.text === '') continue
    if (last?.kind === part.kind) last.text += part.text
    else result.push({ ...part })
  }
  return result
}
