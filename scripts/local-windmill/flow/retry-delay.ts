import type { Retry } from '../openflow/types.ts'

const LONGEST_SECONDS = 6 * 60 * 60

/**
 * How long to wait before the next attempt, in seconds, after `failures` earlier failures; null
 * when no attempt is left. Constant attempts come first, and the exponent counts them too.
 */
export function retryDelay(
  retry: Retry | undefined,
  failures: number,
  random: () => number = Math.random,
): number | null {
  const constant = retry?.constant?.attempts ?? 0
  const exponential = retry?.exponential?.attempts ?? 0
  if (failures < constant) return Math.min(retry?.constant?.seconds ?? 0, LONGEST_SECONDS)
  if (failures >= constant + exponential) return null
  const { multiplier = 1, seconds = 0, random_factor = 0 } = retry?.exponential ?? {}
  const base = multiplier * seconds ** (failures + 1)
  const spread = base * (random_factor / 100) * (2 * random() - 1)
  return Math.min(Math.max(base + spread, 0), LONGEST_SECONDS)
}
