import * as z from 'zod'
import type { Command, InputOf } from '../commands/command.ts'
import { addressed } from '../core/addresses.ts'
import { DomainError } from '../core/errors.ts'
import { nearest } from '../core/nearest.ts'
import type { Db } from '../store/database.ts'
import { withIds } from './address.ts'

/** An input as it arrives, by its parts. */
interface RawInput {
  params: unknown
  query: unknown
  body: unknown
}

/**
 * A command's input, checked; codes and slugs where an id is asked for have become ids.
 * @throws DomainError `invalid` with every field at fault, those of `more` too; `not_found` for a
 *   name of nothing
 */
export async function readInput<C extends Command>(
  db: Db,
  command: C,
  raw: RawInput,
  more: readonly z.core.$ZodIssue[] = [],
): Promise<InputOf<C>> {
  const issues = [...more]
  const parse = async (schema: z.ZodObject, value: unknown, asText = false): Promise<object> => {
    const named = await withIds(db, schema, value)
    const result = schema.safeParse(asText ? texts(named) : named)
    if (result.success) return result.data
    issues.push(...result.error.issues)
    return {}
  }
  const params = await parse(command.params, raw.params, true)
  const query = await parse(command.query, raw.query, true)
  const body = await parse(command.body, raw.body)
  if (issues.length > 0) {
    throw invalidInput(
      issues,
      [command.params, command.query, command.body].flatMap((part) => Object.keys(part.shape)),
    )
  }
  return { ...query, ...body, ...params } as InputOf<C>
}

/** What a path and a query hold are texts, whichever way they came. */
function texts(fields: unknown): unknown {
  if (typeof fields !== 'object' || fields === null) return fields
  const text = (it: unknown) => (typeof it === 'number' || typeof it === 'boolean' ? `${it}` : it)
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, text(value)]))
}

z.config({ customError: plainly })

const kinds: Readonly<Record<string, string>> = {
  number: 'must be a number',
  int: 'must be a whole number',
  string: 'must be text',
  boolean: 'must be true or false',
  array: 'must be a list',
  object: 'must be an object',
  record: 'must be an object',
}

/** Zod by itself speaks of types; people know characters, entries and whole numbers. */
function plainly(issue: z.core.$ZodRawIssue): string | undefined {
  if (issue.code === 'invalid_type') {
    return issue.input === undefined ? 'is required' : kinds[issue.expected]
  }
  if (issue.code === 'invalid_union' && issue.input === undefined) return 'is required'
  if (issue.code === 'invalid_value') return `must be one of ${issue.values.join(', ')}`
  if (issue.code !== 'too_big' && issue.code !== 'too_small') return undefined
  const most = issue.code === 'too_big'
  const bound = Number(most ? issue.maximum : issue.minimum)
  if (!issue.inclusive) return `must be ${most ? 'less' : 'more'} than ${bound}`
  const limit = `at ${most ? 'most' : 'least'} ${bound.toLocaleString('en')}`
  const of = (one: string, more: string) => `must have ${limit} ${bound === 1 ? one : more}`
  if (issue.origin === 'string') return of('character', 'characters')
  return issue.origin === 'array' ? of('entry', 'entries') : `must be ${limit}`
}

/** `known`: the fields there are, of which the nearest is named in place of one that is not. */
export function invalidInput(
  issues: readonly z.core.$ZodIssue[],
  known: readonly string[] = [],
): DomainError {
  const fields = issues.slice(0, 50).flatMap((issue) => {
    if (issue.code !== 'unrecognized_keys') {
      const message = ofName(issue) ?? issue.message
      return [{ field: issue.path.join('.') || 'body', message }]
    }
    return issue.keys.slice(0, 10).map((key) => ({
      field: [...issue.path, key].join('.') || '""',
      message: `is not known here${meant(key, issue.path.length === 0 ? known : [])}`,
    }))
  })
  const told = fields.map(({ field, message }) => `${field}: ${message}`).join('; ')
  return new DomainError('invalid', 'schema', told, { fields })
}

/** Of a field in which a name is taken as well, whatever the schema asks of the id it stands for. */
function ofName(issue: z.core.$ZodIssue): string | undefined {
  const of = addressed[String(issue.path.findLast((it) => typeof it === 'string'))]
  if (!of || !['invalid_type', 'invalid_format', 'too_small'].includes(issue.code)) return undefined
  const { expected, origin } = issue as { expected?: string; origin?: string }
  if (expected === 'array' || origin === 'array') return undefined
  const way = `the id or the ${of === 'project' ? 'slug' : 'code'} of a ${of}`
  return issue.message === 'is required' ? `is required: ${way}` : `must be ${way}`
}

function meant(key: string, known: readonly string[]): string {
  const near = nearest(key, known) ?? known.find((it) => it.split('_').includes(key))
  return near === undefined || near === key ? '' : `; did you mean ${near}?`
}
