/** The API looked at the request and said no. Asking again without a change is no use. */
export class ApiRefused extends Error {
  override readonly name = 'ApiRefused'
  readonly status: number
  /** The rule that was broken, such as `sprint_completed`; null where the API names none. */
  readonly code: string | null

  constructor(status: number, code: string | null, message: string) {
    super(message)
    this.status = status
    this.code = code
  }
}

/** No answer, or one that means "later": the network, 5xx, 429. Worth another attempt. */
export class ApiUnavailable extends Error {
  override readonly name = 'ApiUnavailable'
}

/** An answer that this version of the flows does not understand. */
export class ApiMismatch extends Error {
  override readonly name = 'ApiMismatch'
}

const moved = 'set base_url of the resource f/devgodzilla/api to where the API really is'

const wayOut: Record<number, string> = {
  301: moved,
  302: moved,
  307: moved,
  308: moved,
  401: 'the token is wrong or revoked: set the variable f/devgodzilla/api_token anew',
  403: 'the token may not do this: give f/devgodzilla/api_token one of a higher role',
  404: 'check the id or the path: there is nothing by that name',
  413: 'send less: the file is larger than the API takes',
  422: 'correct what is named, then run the flow again',
}

/** What was asked, the rule and the way out, from a problem+json body: its detail names the fields. */
export function refusal(asked: string, status: number, body: string): ApiRefused {
  const problem = parse(body)
  const code = text(problem.rule) ?? text(problem.code)
  const what =
    text(problem.detail) ?? text(problem.title) ?? (body.slice(0, 500) || 'no reason given')
  const head = `${asked} was refused with ${status}${code ? ` (${code})` : ''}: ${what}`
  const message = wayOut[status] ? `${head.replace(/\.$/, '')}; ${wayOut[status]}` : head
  return new ApiRefused(status, code ?? null, message)
}

function parse(body: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(body)
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
  } catch (error) {
    // A proxy in between may answer in HTML; the caller then quotes the body as it is.
    if (error instanceof SyntaxError) return {}
    throw error
  }
}

const text = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined
