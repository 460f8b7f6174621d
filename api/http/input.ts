import type { Context } from 'hono'
import type * as z from 'zod'
import type { Command, InputOf } from '../commands/command.ts'
import { DomainError } from '../core/errors.ts'
import { jsonInUtf8 } from '../core/json-in-utf8.ts'
import { readInput } from '../services/read-input.ts'
import type { Db } from '../store/database.ts'

/**
 * Reads a command's input from path, query and body.
 * @throws DomainError `malformed` for a body that is not JSON, `invalid` with every field at fault
 */
export async function requestInput<C extends Command>(
  c: Context,
  db: Db,
  command: C,
): Promise<InputOf<C>> {
  const given = Object.entries(c.req.queries())
  const more = given.filter(([, { length }]) => length > 1).map(([name]) => twice(name))
  const body = command.method === 'get' ? {} : await jsonBody(c)
  return readInput(db, command, { params: c.req.param(), query: c.req.query(), body }, more)
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
    return jsonInUtf8(bytes)
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error)
    throw new DomainError('malformed', 'json', `The body is not JSON in UTF-8: ${said}.`, {
      cause: error,
    })
  }
}
