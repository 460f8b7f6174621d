import { isDeepStrictEqual } from 'node:util'
import type { FieldDifference } from '../entities/revision.ts'
import { unifiedLines } from './unified-lines.ts'

/** A sprint or task as a revision keeps it; null where there was none. */
export type Content = Record<string, FieldDifference['from']> | null

export const contentOf = (kept: string | null): Content =>
  kept === null ? null : (JSON.parse(kept) as Content)

/** The fields in which two contents differ, in the order of their names. */
export function differences(from: Content, to: Content): FieldDifference[] {
  const fields = [...new Set([...Object.keys(from ?? {}), ...Object.keys(to ?? {})])].sort()
  return fields.flatMap((field) => {
    const [one, other] = [from?.[field] ?? null, to?.[field] ?? null]
    if (isDeepStrictEqual(one, other)) return []
    const lines = typeof one === 'string' && typeof other === 'string' && unifiedLines(one, other)
    return [{ field, from: one, to: other, ...(lines && { lines }) }]
  })
}
