/** The candidate closest to `wanted` by edit distance, if any is close enough to be a slip. */
export const nearest = (wanted: string, candidates: readonly string[]): string | undefined =>
  nearestOf(wanted, candidates, 1)[0]

/** The closest candidates, at most `count` of them, the closest first. */
export function nearestOf(wanted: string, candidates: readonly string[], count: number): string[] {
  // The cost is the product of both lengths: a name that long is no slip.
  if (wanted.length > 200) return []
  // Something of what was written must stand: of one letter, every other one is as near.
  const most = Math.min(Math.max(2, Math.floor(wanted.length / 3)), wanted.length - 1)
  return candidates
    .map((candidate) => ({ candidate, distance: editDistance(wanted, candidate) }))
    .filter(({ distance }) => distance <= most)
    .sort((a, b) => a.distance - b.distance)
    .slice(0, count)
    .map(({ candidate }) => candidate)
}

/** The closest candidates as a question behind a refusal: ` Did you mean A or B?`, or nothing. */
export const didYouMean = (near: readonly string[]): string =>
  near.length > 0 ? ` Did you mean ${near.join(' or ')}?` : ''

function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 1; i <= a.length; i++) {
    const current = [i]
    for (let j = 1; j <= b.length; j++) {
      const substitution = (previous[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)
      current.push(Math.min((previous[j] ?? 0) + 1, (current[j - 1] ?? 0) + 1, substitution))
    }
    previous = current
  }
  return previous[b.length] ?? 0
}
