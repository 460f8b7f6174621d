import { Literally, plainObject } from './json-text.ts'
import { type Json, resolved } from './operations.ts'

/** One thing wrong with a value. */
export interface Spoiled {
  value: unknown
  why: string
}

/** Wrong nearly everywhere, and fatal where nobody looks. */
const anywhere: [string, unknown][] = [
  ['null', null],
  ['a truth', true],
  ['a number', 7],
  ['a fraction', 1.5],
  ['a string', 'x'],
  ['an empty string', ''],
  ['a blank', ' \t '],
  ['a list', []],
  ['an object', {}],
  ['NUL', 'a\u0000b'],
  ['half a surrogate pair', new Literally('"\\ud800"')],
  ['2^53', 2 ** 53],
  ['2^63', new Literally('9223372036854775808')],
  ['-2^63 - 1', new Literally('-9223372036854775809')],
  ['1e400', new Literally('1e400')],
  ['-0', new Literally('-0')],
  ['a prototype', new Literally('{"__proto__":{"admin":true},"constructor":{"prototype":{}}}')],
  ['a name of all objects', 'constructor'],
  ['a thousand levels', new Literally(`${'[{"a":'.repeat(500)}1${'}]'.repeat(500)}`)],
  ['a long string', 'ä'.repeat(150_000)],
  ['a day that is none', '2026-02-30'],
  ['a moment before all', '0000-01-01T00:00:00Z'],
]

/** Every way to spoil one place of a value; each is made when it is asked for. */
export function spoilings(schema: Json, value: unknown, document: Json): (() => Spoiled)[] {
  return at(schema, value, document, '', (it) => it)
}

type Put = (part: unknown) => unknown

function at(
  given: Json,
  value: unknown,
  document: Json,
  place: string,
  put: Put,
): (() => Spoiled)[] {
  const schema = resolved(document, given)
  const spoil = (what: string, part: unknown) => () => ({
    value: put(part),
    why: `${place || 'body'}: ${what}`,
  })
  const ways = anywhere.map(([what, part]) => spoil(what, part))
  for (const option of schema.anyOf ?? schema.oneOf ?? []) ways.push(...edges(option, spoil))
  ways.push(...edges(schema, spoil))
  if (Array.isArray(value)) {
    const { items = {}, maxItems } = schema
    if (maxItems !== undefined && maxItems <= 2000) {
      ways.push(spoil('one too many', Array(maxItems + 1).fill(value[0] ?? 'x')))
    }
    value.forEach((part, index) => {
      const within = (changed: unknown) => put(value.with(index, changed))
      ways.push(...at(items, part, document, `${place}[${index}]`, within))
    })
  } else if (typeof value === 'object' && value !== null && !(value instanceof Literally)) {
    const entries = Object.entries(value)
    for (const name of ['unknown_field', '__proto__', 'constructor', 'toString', 'a\u0000b', '']) {
      ways.push(spoil(`also ${JSON.stringify(name)}`, plainObject([...entries, [name, 1]])))
    }
    for (const name of schema.required ?? []) {
      ways.push(spoil(`no ${name}`, plainObject(entries.filter(([key]) => key !== name))))
    }
    for (const [name, part] of entries) {
      const inner = schema.properties?.[name] ?? schema.additionalProperties
      if (typeof inner !== 'object') continue
      const within = (changed: unknown) => put(plainObject([...entries, [name, changed]]))
      ways.push(...at(inner, part, document, place ? `${place}.${name}` : name, within))
    }
  }
  return ways
}

/** One beyond each bound. */
function edges(schema: Json, spoil: (what: string, part: unknown) => () => Spoiled) {
  const ways: (() => Spoiled)[] = []
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum, minLength, maxLength } = schema
  if (minimum !== undefined) ways.push(spoil('below the least', minimum - 1))
  if (maximum !== undefined) ways.push(spoil('above the most', maximum + 1))
  if (exclusiveMinimum !== undefined) ways.push(spoil('the bound below', exclusiveMinimum))
  if (exclusiveMaximum !== undefined) ways.push(spoil('the bound above', exclusiveMaximum))
  if (minLength > 0) ways.push(spoil('too short', 'x'.repeat(minLength - 1)))
  if (maxLength <= 1_000_000) ways.push(spoil('too long', 'x'.repeat(maxLength + 1)))
  if (schema.enum)
    ways.push(
      spoil('no such value', `${schema.enum[0]}x`),
      spoil('in capitals', String(schema.enum[0]).toUpperCase()),
    )
  if (schema.pattern) ways.push(spoil('another pattern', '\u2603 '), spoil('a line more', 'a1\n'))
  return ways
}
