import type { Evidence } from './facts.ts'

export interface Sign {
  /** How sure this alone would make one, from 0 to 1. */
  weight: number
  says: string
}

/** Signs taken as independent: each takes its share of the doubt that the others leave. */
export function evidenceOf(signs: readonly Sign[]): Evidence {
  const doubt = signs.reduce((left, sign) => left * (1 - sign.weight), 1)
  return {
    confidence: Math.round((1 - doubt) * 100) / 100,
    because: [...signs].sort((one, other) => other.weight - one.weight).map((sign) => sign.says),
  }
}

/**
 * A title as it is compared: without the id, tags and estimate that imports have left in it, in
 * lower case, its blanks and quotes evened out.
 */
export function plainTitle(title: string): string {
  return title
    .normalize('NFKC')
    .toLowerCase()
    .replace(/^[\s*_-]*(?:\[[ x~]\]\s*)?(?:\*{0,2}t\d{1,5}[a-z]?\*{0,2}[:.)]?\s+)?/, '')
    .replace(/\[(?:p|us\d+|@[\w.-]+|\d+\s*(?:pts?|points?))\]/g, ' ')
    .replace(/\(\d+(?:\s*(?:pts?|points?))?\)/g, ' ')
    .replace(/[`*_"'’]/g, '')
    .replace(/\s+/g, ' ')
    .trim()
}

/** Items by a key, each list in the order given; those without a key are left out. */
export function groupBy<T, K>(items: readonly T[], keyOf: (item: T) => K | null): Map<K, T[]> {
  const groups = new Map<K, T[]>()
  for (const item of items) {
    const key = keyOf(item)
    if (key === null) continue
    const group = groups.get(key)
    if (group) group.push(item)
    else groups.set(key, [item])
  }
  return groups
}
