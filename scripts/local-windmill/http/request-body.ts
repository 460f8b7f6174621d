import type { Context } from 'hono'
import { isObject, type Json, type JsonObject } from '../json.ts'
import { nesting } from './nesting.ts'
import { badRequest } from './refusal.ts'

/** Neither the driver nor the database reads JSON of any depth. */
const MAX_NESTING = 500

/** The body as JSON; nothing at all counts as null. @throws Refusal (400) */
export async function jsonBody(c: Context): Promise<Json> {
  return parseBody(await c.req.text())
}

/** @throws Refusal (400) */
export function parseBody(text: string): Json {
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
 * body whole, as `body`, which is also where one goes that is no object; `raw` adds its text as
 * `raw_string`; `include_header` adds headers, under their names with _ for -; `include_query`
 * parts of the query.
 */
export async function jobArguments(c: Context): Promise<JsonObject> {
  const body = await jsonBody(c)
  const wrap = flag(c, 'wrap_body') || (body !== null && !isObject(body))
  const raw = flag(c, 'raw') && { raw_string: await c.req.text() }
  return { ...(wrap ? { body } : (body as JsonObject | null)), ...headers(c), ...query(c), ...raw }
}

/** The same request as the event that a preprocessor gets. */
export async function webhookEvent(c: Context): Promise<JsonObject> {
  return {
    kind: 'webhook',
    body: (await jsonBody(c)) ?? {},
    raw_string: flag(c, 'raw') ? await c.req.text() : null,
    headers: headers(c),
    query: query(c),
  }
}

function headers(c: Context): JsonObject {
  return Object.fromEntries(
    listed(c, 'include_header')
      .map((name) => name.toLowerCase())
      .map((name) => [name.replaceAll('-', '_'), c.req.header(name) ?? null]),
  )
}

function query(c: Context): JsonObject {
  const names = listed(c, 'include_query').filter((name) => c.req.query(name) !== undefined)
  return Object.fromEntries(names.map((name) => [name, c.req.query(name) ?? null]))
}

function listed(c: Context, name: string): string[] {
  const names = c.req.query(name)?.split(',') ?? []
  return names.map((item) => item.trim()).filter(Boolean)
}

function flag(c: Context, name: string): boolean {
  const value = c.req.query(name)
  return value !== undefined && value !== 'false'
}
