import { amount, count } from '../format/words.ts'

/** What somebody types into a field, beside what the field said when they began. */
export interface Draft<Value> {
  text: string
  base: Value
}

export type Parsed<Value> = { value: Value } | { wrong: string }

/** A field of a task as text and back. */
export interface Format<Value> {
  text: (value: Value) => string
  parse: (text: string) => Parsed<Value>
}

const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b)

/** Whether somebody else has changed the field since the typing began, to anything but the same. */
export function isOvertaken<Value>(
  draft: Draft<Value>,
  now: Value,
  { parse }: Format<Value>,
): boolean {
  if (same(draft.base, now)) return false
  const typed = parse(draft.text)
  return !('value' in typed && same(typed.value, now))
}

export const isUntouched = <Value>(draft: Draft<Value>, { text }: Format<Value>): boolean =>
  draft.text.trim() === text(draft.base).trim()

/** The API's own rules, so that what it would refuse is told before it is sent. */
const atMost = (most: number, text: string): { wrong: string } | undefined =>
  text.length > most
    ? {
        wrong: `At most ${count(most, 'character')}; these are ${amount(text.length)}.`,
      }
    : undefined

const orNone =
  (most: number) =>
  (text: string): Parsed<string | null> =>
    atMost(most, text.trim()) ?? { value: text.trim() || null }

export const plain: Format<string> = {
  text: (value) => value,
  parse: (text) => atMost(100_000, text.trimEnd()) ?? { value: text.trimEnd() },
}
export const title: Format<string> = {
  text: (value) => value,
  parse: (text) =>
    text.trim() === ''
      ? { wrong: 'A card needs a title.' }
      : (atMost(10_000, text.trim()) ?? { value: text.trim() }),
}
export const orNobody: Format<string | null> = {
  text: (value) => value ?? '',
  parse: orNone(200),
}
export const reason: Format<string | null> = {
  text: (value) => value ?? '',
  parse: orNone(10_000),
}
export const points: Format<number | null> = {
  text: (value) => (value === null ? '' : String(value)),
  parse: (text) => {
    const typed = text.trim()
    if (typed === '') return { value: null }
    return /^\d{1,4}$/.test(typed) && Number(typed) <= 1000
      ? { value: Number(typed) }
      : { wrong: 'Points are a whole number from 0 to 1,000, or nothing.' }
  },
}
export const labels: Format<string[]> = {
  text: (value) => value.join(', '),
  parse: (text) => {
    const all = [...new Set(text.split(',').map((it) => it.trim()))].filter((it) => it !== '')
    if (all.length > 100) return { wrong: `At most 100 labels; these are ${all.length}.` }
    const long = all.find((it) => it.length > 200)
    if (long) return { wrong: `A label has at most 200 characters: “${long.slice(0, 20)}…”.` }
    return { value: all }
  },
}
/** One thing that has to hold. */
export const criterion: Format<string> = {
  text: (value) => value,
  parse: (text) =>
    text.trim() === ''
      ? { wrong: 'Say what has to hold first.' }
      : (atMost(9_990, text.trim()) ?? { value: text.trim() }),
}
/** A day; stored as its midnight in UTC. */
export const day: Format<string | null> = {
  text: (value) => value?.slice(0, 10) ?? '',
  parse: (text) => {
    if (text === '') return { value: null }
    return /^[1-8]\d{3}-\d\d-\d\d$/.test(text)
      ? { value: new Date(`${text}T00:00:00Z`).toISOString() }
      : { wrong: 'The year must lie between 1000 and 8999.' }
  },
}
