import { nearest } from '../../../api/core/nearest.ts'
import { isObject, type Json, type JsonObject } from '../json.ts'
import type { ArgumentProperty, ArgumentSchema } from './types.ts'

/**
 * Says what is wrong with `args`, one sentence per field, each naming its field. Arguments that
 * the schema does not have are a slip of whoever asks, unless they come with somebody's webhook.
 */
export function checkArguments(
  schema: ArgumentSchema | undefined,
  args: JsonObject,
  others: 'refused' | 'passed' = 'refused',
): string[] {
  if (!isObject(schema) || !isObject(schema.properties)) return []
  const property = schema as ArgumentProperty
  return checkObject('', property, args, others)
}

function checkObject(
  prefix: string,
  schema: ArgumentProperty,
  value: JsonObject,
  others: 'refused' | 'passed' = 'passed',
): string[] {
  const known = schema.properties ?? {}
  const problems: string[] = []
  for (const name of schema.required ?? []) {
    if (!Object.hasOwn(value, name) || value[name] === null) {
      problems.push(`argument ${prefix}${name} is required`)
    }
  }
  for (const [name, content] of Object.entries(value)) {
    const property = Object.hasOwn(known, name) ? known[name] : undefined
    if (property) problems.push(...checkValue(`${prefix}${name}`, property, content))
    else if (others === 'refused') problems.push(unknownArgument(name, Object.keys(known)))
  }
  return problems
}

function unknownArgument(name: string, known: string[]): string {
  if (known.length === 0) return `argument ${name} is not known: there are none`
  const near = nearest(name, known)
  return `argument ${name} is not known: ${near ? `did you mean ${near}?` : `there are ${known.join(', ')}`}`
}

function checkValue(name: string, property: ArgumentProperty, value: Json): string[] {
  if (value === null || isReference(property, value)) return []
  const types = [property.type ?? []].flat()
  if (types.length > 0 && !types.some((type) => hasType(type, value))) {
    return [`argument ${name} must be ${types.join(' or ')}, not ${typeName(value)}`]
  }
  if (property.enum?.length && !property.enum.some((allowed) => allowed === value)) {
    return [
      `argument ${name} must be one of ${property.enum.map((item) => String(item)).join(', ')}`,
    ]
  }
  if (property.format === 'date-time' && Number.isNaN(Date.parse(String(value)))) {
    return [`argument ${name} must be a date and time (ISO 8601)`]
  }
  if (Array.isArray(value) && property.items) {
    const { items } = property
    return value.flatMap((item, index) => checkValue(`${name}[${index}]`, items, item))
  }
  if (isObject(value) && property.properties) return checkObject(`${name}.`, property, value)
  return []
}

/** A resource or variable may stand in for a value of any type. */
function isReference(property: ArgumentProperty, value: Json): boolean {
  if (typeof value !== 'string') return false
  return value.startsWith('$res:') || (value.startsWith('$var:') && property.type !== 'object')
}

function hasType(type: string, value: Json): boolean {
  if (type === 'integer') return Number.isInteger(value)
  if (type === 'object') return isObject(value)
  if (type === 'array') return Array.isArray(value)
  // Windmill writes "any" and "resource-…" for what JSON schema leaves open.
  if (!['string', 'number', 'boolean', 'null'].includes(type)) return true
  return typeName(value) === type
}

function typeName(value: Json): string {
  if (value === null) return 'null'
  return Array.isArray(value) ? 'array' : typeof value
}
