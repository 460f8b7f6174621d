import { CliError, nothingAt, type Target } from './target.ts'

export { apiTarget, CliError, type Target, windmillTarget } from './target.ts'

interface Request {
  method: string
  path: string
  body?: unknown
  headers?: Record<string, string>
}

/** Calls an HTTP API that speaks JSON. @throws CliError with what it said, or that it is not there */
export async function call(target: Target, request: Request): Promise<unknown> {
  const { method, path, body, headers } = request
  const response = await fetch(target.url + path, {
    method,
    headers: {
      Authorization: `Bearer ${target.token}`,
      ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
      ...headers,
    },
    body: body === undefined ? null : JSON.stringify(body),
  }).catch((error: unknown) => {
    throw nothingAt(target, error)
  })
  const text = await response.text()
  const answer = isJson(response) ? JSON.parse(text) : text
  if (!response.ok) throw new CliError(refusalOf(answer, response.status))
  return answer
}

const isJson = (response: Response) =>
  response.headers.get('Content-Type')?.includes('json') ?? false

/** What a refusal said: a problem's detail, Windmill's error, or the text as it is. */
function refusalOf(answer: unknown, status: number): string {
  if (typeof answer === 'object' && answer !== null) {
    const { detail, error } = answer as { detail?: string; error?: { message?: string } }
    return detail ?? error?.message ?? JSON.stringify(answer)
  }
  return `${status}: ${String(answer)}`
}

/** Every item of a list, page by page. */
export async function allPages<T>(target: Target, path: string): Promise<T[]> {
  const items: T[] = []
  const separator = path.includes('?') ? '&' : '?'
  let cursor: string | null = null
  do {
    const from: string = cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`
    const page = (await call(target, {
      method: 'GET',
      path: `${path}${separator}limit=1000${from}`,
    })) as { items: T[]; next_cursor: string | null }
    items.push(...page.items)
    cursor = page.next_cursor
  } while (cursor !== null)
  return items
}
