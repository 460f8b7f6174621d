import { Problem, problemFrom, unreachable } from './problem.ts'
import { isSignedOut, sessionRefused } from './signed-out.ts'
import type { Page } from './types.ts'

export type Query = Record<string, string | number | boolean | undefined>
type Method = 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE'

export function urlOf(path: string, query: Query = {}): string {
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined) search.set(name, String(value))
  }
  return `${path}${search.size > 0 ? `?${search}` : ''}`
}

interface RequestOptions {
  query?: Query
  body?: unknown
  signal?: AbortSignal
  /** The same key carries out a change once, however often it is sent. */
  idempotencyKey?: string
}

/** One call with the session's cookie. Throws a `Problem` for everything but a success. */
export async function request<T>(
  method: Method,
  path: string,
  { query, body, signal, idempotencyKey }: RequestOptions = {},
): Promise<T> {
  const getsIn = path.startsWith('/auth/')
  if (isSignedOut() && !getsIn) throw new Problem(401, { detail: 'The session has ended.' })
  let response: Response
  let text: string
  try {
    response = await fetch(urlOf(path, query), {
      method,
      credentials: 'same-origin',
      headers: {
        accept: 'application/json',
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey }),
      },
      body: body === undefined ? null : JSON.stringify(body),
      signal: signal ?? null,
    })
    text = await response.text()
  } catch (cause) {
    if (signal?.aborted) throw cause
    throw unreachable(cause)
  }
  if (!response.ok) {
    if (response.status === 401 && !getsIn) sessionRefused()
    throw problemFrom(response.status, response.headers.get('content-type'), text)
  }
  return (text === '' ? undefined : JSON.parse(text)) as T
}

export const get = <T>(path: string, query?: Query, signal?: AbortSignal) =>
  request<T>('GET', path, { ...(query && { query }), ...(signal && { signal }) })

const pageSize = 1000
const mostPages = 20

/** Every item of a list, page by page. */
export async function getAll<T>(path: string, query: Query, signal?: AbortSignal): Promise<T[]> {
  const items: T[] = []
  let cursor: string | undefined
  for (let page = 0; page < mostPages; page++) {
    const answer: Page<T> = await get(path, { ...query, limit: pageSize, cursor }, signal)
    items.push(...answer.items)
    if (answer.next_cursor === null) return items
    cursor = answer.next_cursor
  }
  throw new Problem(413, { detail: `${path} holds more than ${mostPages * pageSize} entries.` })
}
