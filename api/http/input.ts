import type { Context } from 'hono'
import { z } from 'zod'
import type { Command, InputOf } from '../commands/command.ts'
import { DomainError } from '../core/errors.ts'

/**
 * Reads a command's input from path, query and body.
 * @throws DomainError `malformed` for a body that is not JSON, `invalid` with every field at fault
 */
export async function readInput<C extends Command>(c: Context, command: C): Promise<InputOf<C>> {
  const issues: z.core.$ZodIssue[] = []
  const parse = (schema: z.ZodType, value: unknown): object => {
    const result = schema.safeParse(value)
    if (result.success) return result.data as object
    issues.push(...result.error.issues)
    return {}
  }
  const params = parse(command.params, c.req.param())
  const query = parse(command.query, c.req.query())
  for (const [name, { length }] of Object.entries(c.req.queries())) {
    if (length > 1) issues.push(twice(name))
  }
  const body = command.method === 'get' ? {} : parse(command.body, await jsonBody(c))
  if (issues.length > 0) throw invalidInput(issues)
  return { ...query, ...body, ...params } as InputOf<C>
}

z.config({ customError: plainly })

/** Zod by itself speaks of types; people know characters, entries and whole numbers. */
function plainly(issue: z.core.$ZodRawIssue): string | undefined {
  if (issue.code === 'invalid_type') {
    if (issue.input === undefined) return 'is required'
    return { number: 'must be a number', int: 'must be a whole number', string: 'must be text' }[
      issue.expected as string
    ]
  }
  if (issue.code !== 'too_big' && issue.code !== 'too_small') return undefined
  const most = issue.code === 'too_big'
  const bound = Number(most ? issue.maximum : issue.minimum)
  if (!issue.inclusive) return `must be ${most ? 'less' : 'more'} than ${bound}`
  const limit = `at ${most ? 'most' : 'least'} ${bound.toLocaleString('en')}`
  const of = (one: string, more: string) => `must have ${limit} ${bound === 1 ? one : more}`
  if (issue.origin === 'string') return of('character', 'characters')
  return issue.origin === 'array' ? of('entry', 'entries') : `must be ${limit}`
}

const twice = (name: string): z.core.$ZodIssue => ({
  code: 'custom',
  path: [name],
  message: 'must be given once',
  input: undefined,
})

/** An empty body is an empty object: most actions have nothing to say. */
export async function jsonBody(c: Context): Promise<unknown> {
  const bytes = await c.req.arrayBuffer()
  if (bytes.byteLength === 0) return {}
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error)
    throw new DomainError('malformed', 'json', `The body is not JSON in UTF-8: ${said}.`, {
      cause: error,
    })
  }
}

export function invalidInput(issues: readonly z.core.$ZodIssue[]): DomainError {
  const fields = issues.slice(0, 50).flatMap((issue) => {
    if (issue.code !== 'unrecognized_keys') {
      return [{ field: issue.path.join('.') || 'body', message: issue.message }]
    }
    return issue.keys.slice(0, 10).map((key) => ({
      field: [...issue.path, key].join('.') || '""',
      message: 'is not known here',
    }))
  })
  const told = fields.map(({ field, message }) => `${field}: ${message}`).join('; ')
  return new DomainError('invalid', 'schema', told, { fields })
}
