import * as z from 'zod'
import { moment } from '../entities/fields.ts'

/** Values as dumps have them: JSON of an API, or text of a CSV file, where nothing is empty text. */
const given = <T extends z.ZodType>(schema: T) =>
  z.preprocess((value) => (value === '' || value === undefined ? null : value), schema)

export const dumpId = given(z.coerce.number('must be an id').int('must be an id').positive())
export const dumpIdOrNone = given(
  z.union([z.null(), z.coerce.number().int().positive()], 'must be an id, or empty'),
)
export const dumpInt = (min: number, max: number) =>
  given(
    z.union(
      [z.null(), z.coerce.number().int().min(min).max(max)],
      `must be a whole number from ${min} to ${max}, or empty`,
    ),
  )
export const dumpText = (max: number) =>
  given(z.union([z.null(), z.coerce.string().max(max)], `must be text of at most ${max}`))
export const dumpName = z
  .string('must be text')
  .trim()
  .min(1, 'must not be blank')
  .max(500, 'must have at most 500 characters')

/** RFC 3339, or what Postgres and SQLite print: `2024-05-01 10:00:00.123+00`; without a zone UTC. */
export const dumpMoment = z.preprocess(
  (value) => {
    if (typeof value !== 'string') return value ?? null
    if (value.trim() === '') return null
    const iso = value.trim().replace(/^(\d{4}-\d\d-\d\d) (\d)/, '$1T$2')
    return iso.replace(
      /(T[\d:.]+)([+-]\d\d)(\d\d)?$/,
      (_, time, hours, minutes) => `${time}${hours}:${minutes ?? '00'}`,
    )
  },
  z.union([z.null(), moment], 'must be a date and time, or empty'),
)

/** A list as JSON has it, as JSON in text, or as Postgres prints an array: `{a,"b c"}`. */
export const dumpList = (longest: number) =>
  z.preprocess(
    (value) => {
      if (typeof value !== 'string') return value ?? []
      const text = value.trim()
      if (text === '' || text === '{}' || text === 'null') return []
      try {
        return JSON.parse(text)
      } catch {
        const array = /^\{(.*)\}$/s.exec(text)?.[1]
        const items = array?.matchAll(/"((?:[^"\\]|\\.)*)"|([^,]+)/g)
        return items
          ? [...items].map((item) => item[1]?.replace(/\\(.)/g, '$1') ?? item[2]?.trim())
          : text
      }
    },
    z.array(z.coerce.string().max(longest), 'must be a list: JSON, or {a,b}').max(10_000),
  )

/** A status by its name here, or by one that other versions had for it. */
export const dumpStatus = <T extends string>(
  known: readonly T[],
  fallback: T,
  others: Readonly<Record<string, T>> = {},
) =>
  z
    .preprocess(
      (value) => (value === '' || value === undefined || value === null ? fallback : value),
      z.string(),
    )
    .transform((value, context): T => {
      const name = value
        .trim()
        .toLowerCase()
        .replace(/[\s-]+/g, '_')
      const found =
        known.find((it) => it === name) ?? (Object.hasOwn(others, name) ? others[name] : undefined)
      if (found) return found
      context.addIssue({ code: 'custom', message: `must be one of ${known.join(', ')}` })
      return z.NEVER
    })
