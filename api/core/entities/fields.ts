import * as z from 'zod'

/** Text that Postgres and UTF-8 can hold: no NUL, no half of a surrogate pair. */
export const storable = (value: string) => !value.includes('\u0000') && value.isWellFormed()
const storableRule = 'must not contain NUL characters or lone surrogates'

/** Free text of at most `max` UTF-16 units; may be empty. */
export const text = (max = 100_000) => z.string().max(max).refine(storable, storableRule)

/** A name people read: one line's worth, not blank. */
export const name = (max = 500) =>
  z.string().trim().min(1, 'must not be blank').max(max).refine(storable, storableRule)

/** Database ids; JSON numbers, so at most 2^53 - 1. */
export const id = z.int().positive()

/** The same id where it arrives as text: in a path or a query. */
export const idText = z
  .string()
  .regex(/^[1-9]\d{0,15}$/, 'must be a positive whole number')
  .transform(Number)
  .pipe(z.int())

const isLocal = /T[^Z+-]*$/i

const momentRule = 'must be a date (2026-01-31) or a date and time (2026-01-31T09:00:00Z)'
const inYears = (value: string) => /^[1-8]\d{3}-/.test(value)
const yearsRule = 'must lie in the years 1000 to 8999'

/** A moment: RFC 3339, where a missing zone means UTC, or a bare date, which means midnight UTC. */
export const moment = z
  .union([z.iso.datetime({ offset: true, local: true }), z.iso.date()], {
    error: momentRule,
  })
  .transform((value) => new Date(isLocal.test(value) ? `${value}Z` : value).toISOString())
  .refine(inYears, yearsRule)

/** A moment, or a day as written (2026-01-31), which whoever knows the time zone reads. */
export const momentOrDay = z.union(
  [z.iso.date({ abort: true }).refine(inYears, yearsRule), moment],
  {
    error: momentRule,
  },
)

/** A moment where it stands in a query. */
export const momentText = z.string().max(40).pipe(moment)

/** A moment in an answer: RFC 3339 in UTC. */
export const timestamp = z.iso.datetime()

export const code = z
  .string()
  .regex(
    /^[A-Za-z0-9][A-Za-z0-9._-]{0,79}$/,
    'must be 1 to 80 letters, digits, dots, dashes or underscores',
  )

export const storyPoints = z.int().min(0).max(1000)

const maxDepth = 32

/** Looks at every key and string of a JSON value, without recursion: its depth is the sender's. */
function refuseUnstorable(value: unknown): string | null {
  let level = [value]
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > maxDepth) return `must not nest deeper than ${maxDepth} levels`
    const strings = level.flatMap((it) =>
      typeof it === 'string' ? [it] : isNode(it) && !Array.isArray(it) ? Object.keys(it) : [],
    )
    if (!strings.every(storable)) return storableRule
    level = level.flatMap((it) => (isNode(it) ? Object.values(it) : []))
  }
  return null
}
const isNode = (value: unknown): value is object => typeof value === 'object' && value !== null

/** Any JSON object, as the sender wishes. */
export const metadata = z.record(z.string(), z.unknown()).superRefine((value, context) => {
  const message = refuseUnstorable(value)
  if (message) context.addIssue({ code: 'custom', message })
})
