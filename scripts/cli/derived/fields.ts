import { Option, type Command as Program } from 'commander'
import type * as z from 'zod'
import { inputSchemaOf } from '../../../api/commands/addressable.ts'
import type { Command } from '../../../api/commands/command.ts'
import { addressed } from '../../../api/core/addresses.ts'

type Json = Record<string, unknown>

/** A field of a verb's input, as a terminal takes it. */
export interface Field {
  name: string
  kind: 'text' | 'number' | 'flag' | 'list' | 'json'
  description: string
  choices: string[]
  required: boolean
  /** Whether the word `null` means that there is none. */
  nullable: boolean
  /** Of a list: entries that are objects are given as JSON. */
  ofJson: boolean
  /** Of a list: its entries are numbers. */
  ofNumbers: boolean
}

export interface Fields {
  params: Field[]
  options: Field[]
}

/** What the path of a verb needs, in its order, and everything else. */
export function fieldsOf(command: Command): Fields {
  const path = [...command.path.matchAll(/:(\w+)/g)].map((it) => it[1])
  const params = fields(command.params).sort((a, b) => path.indexOf(a.name) - path.indexOf(b.name))
  return { params, options: [...fields(command.query), ...fields(command.body)] }
}

function fields(part: z.ZodObject): Field[] {
  const schema = inputSchemaOf(part)
  return Object.entries(schema.properties ?? {}).map(([name, given]) =>
    fieldOf(name, given, schema.required?.includes(name) ?? false, schema.$defs ?? {}),
  )
}

function fieldOf(
  name: string,
  given: Json,
  required: boolean,
  definitions: Record<string, Json>,
): Field {
  const ways = waysOf(given, definitions)
  const types = ways.map((it) => it.type)
  const list = ways.find((it) => it.type === 'array')
  const entries = list ? waysOf((list.items ?? {}) as Json, definitions) : []
  const kind = list
    ? 'list'
    : types.includes('boolean')
      ? 'flag'
      : types.includes('object')
        ? 'json'
        : types.includes('string')
          ? 'text'
          : types.some(isNumber)
            ? 'number'
            : 'text'
  const of = list ? entries : ways
  return {
    ...{ name, kind, required },
    description: String(given.description ?? ''),
    choices: of.flatMap((it) => (Array.isArray(it.enum) ? it.enum.map(String) : [])),
    nullable: types.includes('null'),
    ofJson: entries.some((it) => it.type === 'object'),
    ofNumbers: entries.length > 0 && entries.every((it) => isNumber(it.type)),
  }
}

const isNumber = (type: unknown) => type === 'integer' || type === 'number'

function waysOf(schema: Json, definitions: Record<string, Json>): Json[] {
  const ref = typeof schema.$ref === 'string' ? definitions[schema.$ref.slice(8)] : undefined
  if (ref) return waysOf(ref, definitions)
  const ways = (schema.anyOf ?? schema.oneOf) as Json[] | undefined
  return ways ? ways.flatMap((it) => waysOf(it, definitions)) : [schema]
}

/** `--sprint` for `sprint_id`: a code is what people have at hand. */
export const flagOf = (name: string) =>
  (name in addressed ? name.replace(/_id$/, '') : name).replaceAll('_', '-')

/** The same as commander names it among what was given. */
export const optionOf = (name: string) =>
  flagOf(name).replace(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase())

/**
 * Whether the project may be left out, as agents do over MCP: it is that of the session, or the only
 * one. Where more is named than the project, it could not be told from the rest.
 */
export const impliesProject = ({ tool, params }: Command): boolean =>
  tool !== undefined && Object.keys(params.shape).join() === 'project_id'

/** `sprint_id` reads `<sprint>`; the session may also come from the environment. */
export function argumentOf({ name }: Field, command: Command): string {
  if (name === 'session_key') return '[session]'
  const shown = name.replace(/_id$/, '')
  return impliesProject(command) ? `[${shown}]` : `<${shown}>`
}

export function addField(made: Program, field: Field): void {
  const { name, kind, required, nullable, choices } = field
  const flag = `--${flagOf(name)}`
  const shown =
    kind === 'flag'
      ? flag
      : `${flag} <${kind === 'list' ? 'value' : kind === 'json' ? 'json' : kind}>`
  const notes = [
    field.description,
    choices.length > 0 ? `one of ${choices.join(', ')}` : '',
    kind === 'list' ? 'may be repeated' : '',
    nullable && kind !== 'flag' ? 'null for none' : '',
  ]
  const option = new Option(shown, notes.filter(Boolean).join('; '))
  if (kind === 'list') {
    option.argParser((text: string, before: string[] | undefined) => [...(before ?? []), text])
  }
  if (required) option.makeOptionMandatory()
  made.addOption(option)
  if (kind === 'flag') made.addOption(new Option(`--no-${flagOf(name)}`).hideHelp())
}
