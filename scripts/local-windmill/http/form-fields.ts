import type { Json, JsonObject } from '../json.ts'
import type { ArgumentProperty, ArgumentSchema } from '../openflow/types.ts'
import { type Markup, markup } from './approval-html.ts'
import { badRequest } from './refusal.ts'

type Described = ArgumentProperty & { title?: string; description?: string }

const PREFIX = 'field:'

/** A schema as form fields. What is neither text, number, choice nor yes-or-no is given as JSON. */
export function fieldsOf(schema: ArgumentSchema | undefined, defaults: JsonObject): Markup[] {
  const required = new Set(schema?.required ?? [])
  return Object.entries(schema?.properties ?? {}).map(([name, property]) => {
    const { title, description, default: usual } = property as Described
    return markup`<label>${title || name}
      ${field(name, property, defaults[name] ?? usual ?? null, required.has(name))}
      ${description && markup`<small>${description}</small>`}</label>`
  })
}

function field(name: string, property: ArgumentProperty, value: Json, isRequired: boolean): Markup {
  const id = `${PREFIX}${name}`
  const needed = isRequired && markup` required`
  const text = value === null ? '' : typeof value === 'string' ? value : JSON.stringify(value)
  if (property.enum?.length) {
    const options = property.enum.map(String).map((option) => {
      const chosen = option === text && markup` selected`
      return markup`<option${chosen}>${option}</option>`
    })
    return markup`<select name="${id}"${needed}>${isRequired ? '' : markup`<option></option>`}${options}</select>`
  }
  if (isOf(property, 'boolean')) {
    const on = value === true && markup` checked`
    return markup`<input type="checkbox" name="${id}" value="true"${on}>`
  }
  if (isOf(property, 'number') || isOf(property, 'integer')) {
    const stepping = isOf(property, 'integer') ? '1' : 'any'
    return markup`<input type="number" step="${stepping}" name="${id}" value="${text}"${needed}>`
  }
  if (isOf(property, 'string')) {
    return markup`<input type="text" name="${id}" value="${text}"${needed}>`
  }
  return markup`<textarea name="${id}" rows="4"${needed}>${text}</textarea>`
}

/** What was filled in, as the schema has it. @throws Refusal (400) for JSON that is none */
export function readFields(
  schema: ArgumentSchema | undefined,
  fields: Record<string, unknown>,
): JsonObject {
  const value: JsonObject = {}
  for (const [name, property] of Object.entries(schema?.properties ?? {})) {
    const given = fields[`${PREFIX}${name}`]
    const text = typeof given === 'string' ? given : ''
    if (isOf(property, 'boolean')) value[name] = text === 'true'
    else if (text !== '') value[name] = read(name, property, text)
  }
  return value
}

function read(name: string, property: ArgumentProperty, text: string): Json {
  const choice = property.enum?.find((option) => String(option) === text)
  if (choice !== undefined) return choice
  if (isOf(property, 'string')) return text
  if (isOf(property, 'number') || isOf(property, 'integer')) return Number(text)
  try {
    return JSON.parse(text) as Json
  } catch {
    throw badRequest(`${name} must be JSON`)
  }
}

function isOf({ type = 'string' }: ArgumentProperty, wanted: string): boolean {
  return [type].flat().includes(wanted)
}
