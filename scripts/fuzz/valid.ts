import fc from 'fast-check'
import { plainObject } from './json-text.ts'
import { type Json, resolved } from './operations.ts'

/** Values for fields of certain names, so that requests meet what is there; undefined: any will do. */
export type Hint = (field: string) => fc.Arbitrary<unknown> | undefined

export interface Source {
  document: Json
  hint: Hint
}

const known = new Set(
  (
    '$ref anyOf oneOf const enum type format pattern minLength maxLength minimum maximum ' +
    'exclusiveMinimum exclusiveMaximum items minItems maxItems properties required ' +
    'additionalProperties propertyNames default description title examples'
  ).split(' '),
)
const deepest = 4

/**
 * Values that the schema takes, made from nothing but the schema.
 * @throws for a keyword it does not know: to pass over one would be to test less than it says
 */
export function valid(schema: Json, from: Source, field = '', depth = 0): fc.Arbitrary<unknown> {
  const strange = Object.keys(schema).filter((key) => !known.has(key))
  if (strange.length > 0) throw new Error(`The fuzzer does not know ${strange.join(', ')}.`)
  const hinted = from.hint(field)
  const plain = () => byType(schema, from, field, depth)
  return hinted ? fc.oneof({ weight: 9, arbitrary: hinted }, plain()) : plain()
}

function byType(schema: Json, from: Source, field: string, depth: number): fc.Arbitrary<unknown> {
  if (schema.$ref) return valid(resolved(from.document, schema), from, field, depth + 1)
  if ('const' in schema) return fc.constant(schema.const)
  if (schema.enum) return fc.constantFrom(...schema.enum)
  const choices = schema.anyOf ?? schema.oneOf
  if (choices) {
    const shallow =
      depth < deepest
        ? choices
        : choices.filter((it: Json) => !it.items && !it.additionalProperties)
    return fc.oneof(...shallow.map((it: Json) => valid(it, from, field, depth + 1)))
  }
  switch (schema.type) {
    case 'string':
      return validString(schema)
    case 'integer':
    case 'number':
      return validNumber(schema)
    case 'boolean':
      return fc.boolean()
    case 'null':
      return fc.constant(null)
    case 'array':
      return fc.array(valid(schema.items ?? {}, from, field, depth + 1), {
        minLength: schema.minItems ?? 0,
        maxLength: Math.min(schema.maxItems ?? 4, Math.max(schema.minItems ?? 0, 4)),
      })
    case 'object':
      return validObject(schema, from, depth)
    default:
      return fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null))
  }
}

const moment = fc
  .date({ min: new Date('2025-01-01'), max: new Date('2027-12-31'), noInvalidDate: true })
  .map((it) => it.toISOString())
const word = fc.string({
  unit: fc.constantFrom(...'abc XYZ 019-_./é世😀'),
  minLength: 1,
  maxLength: 20,
})

function validString(schema: Json): fc.Arbitrary<string> {
  const { minLength = 0, maxLength = 1_000_000, pattern } = schema
  const fits = (it: string) => [...it].length >= minLength && it.length <= maxLength
  if (pattern) {
    const like = new RegExp(pattern, 'u')
    const any = fc.stringMatching(like).filter(fits)
    if (like.test('2026-01-31T09:00:00Z')) return fc.oneof({ weight: 4, arbitrary: moment }, any)
    if (like.test('2026-01-31')) {
      return fc.oneof({ weight: 4, arbitrary: moment.map((it) => it.slice(0, 10)) }, any)
    }
    return any
  }
  if (schema.format === 'uri')
    return fc.constantFrom('http://127.0.0.1:65000/x', 'https://hooks.invalid/a?b=c')
  if (schema.format === 'uuid') return fc.uuid()
  const edges = [minLength, maxLength].filter((it) => it <= 20_000).map((it) => 'x'.repeat(it))
  const usual = word.filter(fits)
  if (edges.length === 0) return usual
  return fc.oneof({ weight: 6, arbitrary: usual }, fc.constantFrom(...edges))
}

function validNumber(schema: Json): fc.Arbitrary<number> {
  const whole = schema.type === 'integer'
  const step = whole ? 1 : Number.EPSILON
  const min =
    schema.minimum ??
    (schema.exclusiveMinimum !== undefined ? schema.exclusiveMinimum + step : -1e6)
  const max =
    schema.maximum ?? (schema.exclusiveMaximum !== undefined ? schema.exclusiveMaximum - step : 1e6)
  if (!whole) return fc.double({ min, max, noNaN: true })
  return fc.oneof(
    {
      weight: 6,
      arbitrary: fc.integer({
        min: Math.max(min, -100),
        max: Math.min(max, Math.max(min, 100) + 20),
      }),
    },
    fc.constantFrom(min, max),
  )
}

function validObject(schema: Json, from: Source, depth: number): fc.Arbitrary<unknown> {
  const required = new Set<string>(schema.required ?? [])
  const members = Object.entries<Json>(schema.properties ?? {}).map(([name, it]) => {
    const value = valid(it, from, name, depth + 1)
    return (required.has(name) ? value : fc.option(value, { nil: undefined })).map(
      (made) => [name, made] as const,
    )
  })
  const more = schema.additionalProperties
  const extra =
    typeof more === 'object'
      ? fc.array(fc.tuple(word, valid(more, from, '', depth + 1)), {
          maxLength: depth < deepest ? 3 : 0,
        })
      : fc.constant([])
  return fc
    .tuple(fc.tuple(...members), extra)
    .map(([named, others]) =>
      plainObject([...others, ...named].filter(([, value]) => value !== undefined)),
    )
}
