import * as z from 'zod'
import { addressed, namePattern, within } from '../core/addresses.ts'

type Json = Record<string, unknown>

interface InputSchema extends Json {
  properties?: Record<string, Json>
  required?: string[]
  $defs?: Record<string, Json>
}

/** The JSON schema of a part of a verb's input, for surfaces where fields of all parts are one list. */
export const inputSchemaOf = (part: z.ZodObject): InputSchema =>
  addressable(z.toJSONSchema(part, { io: 'input', unrepresentable: 'any' }) as Json)

/**
 * The JSON schema of an input, saying where a code or slug is taken in place of an id. `asText`: of
 * a path or a query, where all that is sent is text.
 */
export function addressable(schema: Json, asText = false): Json {
  const { properties } = schema as { properties?: Record<string, Json> }
  if (!properties) return schema
  const widened = Object.entries(properties).map(([name, property]): [string, Json] => {
    const of = addressed[name]
    if (of) return [name, widen(property, of === 'project' ? 'slug' : 'code', asText)]
    return [name, within.includes(name) ? addressable(property) : property]
  })
  return { ...schema, properties: Object.fromEntries(widened) }
}

function widen(property: Json, name: 'code' | 'slug', asText: boolean): Json {
  const text = { type: 'string', pattern: namePattern }
  const { anyOf, description: said, ...plain } = property
  const description = [said, `id or ${name}`].filter(Boolean).join('; ')
  if (asText) return { ...text, description }
  if (plain.type === 'array') {
    return { ...plain, description, items: { anyOf: [plain.items, text] } }
  }
  return { anyOf: [...(Array.isArray(anyOf) ? anyOf : [plain]), text], description }
}
