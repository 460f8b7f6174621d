/** Steps that comparing may take at most: a tenth of a second or so. */
const mostSteps = 50_000_000

/**
 * Whether two texts can be compared line by line at once. Comparing tries each pair of equal lines,
 * and for each all that was found before: of two thousand blank lines alone it takes many seconds.
 */
export function areComparable(a: readonly string[], b: readonly string[]): boolean {
  const counts = new Map<string, number>()
  for (const line of b) counts.set(line, (counts.get(line) ?? 0) + 1)
  let pairs = 0
  for (const line of a) pairs += counts.get(line) ?? 0
  return (pairs + a.length + b.length) * Math.min(a.length, b.length) <= mostSteps
}
