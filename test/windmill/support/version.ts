/**
 * Whether a server of this name (`CE v1.463.2-12-gabc`, `EE v1.600.0`) comes before a version, or
 * is of another edition than `EE`. What names no version, as the local engine, follows every rule.
 */
export function isBefore(name: string, since: string): boolean {
  if (since === 'EE') return /^CE\b/i.test(name)
  const version = numbers(name)
  const first = numbers(since)
  if (!version || !first) return false
  for (const [index, number] of first.entries()) {
    const own = version[index] ?? 0
    if (own !== number) return own < number
  }
  return false
}

function numbers(text: string): number[] | undefined {
  const match = text.match(/(\d+)\.(\d+)\.(\d+)/)
  return match?.slice(1).map(Number)
}
