import type { Context } from 'hono'
import { isObject, type Json, type JsonObject } from '../json.ts'
import { nesting } from './nesting.ts'
import { badRequest } from './refusal.ts'

/** Neither the driver nor the database reads JSON of any depth. */
const MAX_NESTING = 500

/** The body as JSON; nothing at all counts as null. @throws Refusal (400) */
export async function jsonBody(c: Context): Promise<Json> {
  const text = await c.req.text()
  if (text.trim() === '') return null
  if (nesting(text) > MAX_NESTING) throw badRequest(`the body nests deeper than ${MAX_NESTING}`)
  try {
    return JSON.parse(text) as Json
  } catch (error) {
    throw badRequest(`the body is not valid JSON: ${(error as Error).message}`)
  }
}

/** @throws Refusal (400) */
export async function objectBody(c: Context): Promise<JsonObject> {
  const body = await jsonBody(c)
  if (body === null) return {}
  if (!isObject(body)) throw badRequest('the body must be a JSON object')
  return body
}

/**
 * A job's arguments: the body's fields, and what the query asks to add. `wrap_body` passes the
 * body whole, as `body`; `raw` adds its text as `raw_string`; `include_header` adds headers,
 * under their names with _ for -.
 */
export async function jobArguments(c: Context): Promise<JsonObject> {
  const wrap = flag(c, 'wrap_body')
  const body = wrap ? await jsonBody(c) : await objectBody(c)
  const args: JsonObject = wrap ? { body } : (body as JsonObject)
  const added: JsonObject = {}
  if (flag(c, 'raw')) added.raw_string = await c.req.text()
  for (const name of c.req.query('include_header')?.split(',') ?? []) {
    const header = name.trim().toLowerCase()
    if (header) added[header.replaceAll('-', '_')] = c.req.header(header) ?? null
  }
  return { ...args, ...added }
}

function flag(c: Context, name: string): boolean {
  const value = c.req.query(name)
  return value !== undefined && value !== 'false'
}
