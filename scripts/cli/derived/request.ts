import type { Command } from '../../../api/commands/command.ts'
import { CliError } from '../../connect/target.ts'
import { type Field, fieldsOf, flagOf, optionOf } from './fields.ts'

/** The request that carries out a verb. `given`: path fields by name, options as commander names them. */
export function requestOf(command: Command, given: Record<string, unknown>) {
  const method = command.method.toUpperCase()
  const path = command.path.replace(/:(\w+)/g, (_, name: string) =>
    encodeURIComponent(String(given[name])),
  )
  const query = new URLSearchParams()
  const body: Record<string, unknown> = {}
  for (const field of fieldsOf(command).options) {
    const value = valueIn(field, given[optionOf(field.name)])
    if (value === undefined) continue
    if (field.name in command.query.shape) query.set(field.name, String(value))
    else body[field.name] = value
  }
  const asked = query.toString()
  return {
    method,
    path: asked ? `${path}?${asked}` : path,
    ...(method === 'GET' ? {} : { body }),
  }
}

function valueIn(field: Field, given: unknown): unknown {
  if (given === undefined || field.kind === 'flag') return given
  if (field.nullable && given === 'null') return null
  if (field.kind === 'json') return json(field, String(given))
  if (field.kind === 'number') return number(given)
  if (field.kind === 'list' && field.ofNumbers) return (given as string[]).map(number)
  if (field.kind === 'list' && field.ofJson) return (given as string[]).map((it) => json(field, it))
  return given
}

/** What is no number goes as it is: the API says by name what it should be. */
function number(given: unknown): unknown {
  const number = Number(given)
  return Number.isNaN(number) ? given : number
}

function json({ name }: Field, text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error)
    throw new CliError(`--${flagOf(name)} must be JSON: ${said}.`, { cause: error })
  }
}
