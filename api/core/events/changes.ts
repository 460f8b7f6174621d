import { isDeepStrictEqual } from 'node:util'
import type * as z from 'zod'

type Json = z.infer<ReturnType<typeof z.json>>
/** What changed, by field, as events tell it. */
export type Told = Record<string, { from: Json; to: Json }>

/**
 * What differs between a row and what is wanted of it: the values to write, and how to tell it.
 * Undefined where nothing differs; fields that are undefined in `wanted` are not asked for.
 */
export function changesBetween<T extends object>(
  before: T,
  wanted: { [K in keyof T]?: T[K] | undefined },
): { values: Partial<T>; told: Told } | undefined {
  const different = Object.entries(wanted).filter(
    ([key, value]) => value !== undefined && !isDeepStrictEqual(value, before[key as keyof T]),
  )
  if (different.length === 0) return undefined
  return {
    values: Object.fromEntries(different) as Partial<T>,
    told: Object.fromEntries(
      different.map(([key, value]) => [
        key,
        { from: before[key as keyof T] as Json, to: value as Json },
      ]),
    ),
  }
}
