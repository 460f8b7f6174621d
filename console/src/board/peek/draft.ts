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

export const plain: Format<string> = {
  text: (value) => value,
  parse: (text) => ({ value: text.trimEnd() }),
}
export const title: Format<string> = {
  text: (value) => value,
  parse: (text) =>
    text.trim() === '' ? { wrong: 'A card needs a title.' } : { value: text.trim() },
}
export const orNobody: Format<string | null> = {
  text: (value) => value ?? '',
  parse: (text) => ({ value: text.trim() === '' ? null : text.trim() }),
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
  parse: (text) => ({
    value: [...new Set(text.split(',').map((it) => it.trim()))].filter((it) => it !== ''),
  }),
}
/** A day; stored as its midnight in UTC. */
export const day: Format<string | null> = {
  text: (value) => value?.slice(0, 10) ?? '',
  parse: (text) => ({ value: text === '' ? null : new Date(`${text}T00:00:00Z`).toISOString() }),
}
