/** The body of a refusal (RFC 9457), as the API writes it. */
export interface ProblemBody {
  title?: string
  status?: number
  detail?: string
  code?: string
  rule?: string
  errors?: { field: string; message: string }[]
  requestId?: string
}

/** A request that did not succeed. `status` 0 means that no answer came at all. */
export class Problem extends Error {
  readonly status: number
  readonly rule: string | undefined
  readonly fields: readonly { field: string; message: string }[]
  readonly requestId: string | undefined

  constructor(status: number, body: ProblemBody = {}, cause?: unknown) {
    super(body.detail ?? body.title ?? `The server answered ${status}.`, { cause })
    this.name = 'Problem'
    this.status = status
    this.rule = body.rule
    this.fields = body.errors ?? []
    this.requestId = body.requestId
  }

  get unreachable(): boolean {
    return this.status === 0
  }
}

export const unreachable = (cause: unknown) =>
  new Problem(0, { detail: 'The server does not answer.' }, cause)

/** Reads a refusal; a proxy's HTML page becomes a problem that names its status alone. */
export function problemFrom(status: number, contentType: string | null, text: string): Problem {
  if (!contentType?.includes('json')) return new Problem(status)
  try {
    const body: unknown = JSON.parse(text)
    return new Problem(status, typeof body === 'object' && body !== null ? body : {})
  } catch (cause) {
    return new Problem(status, {}, cause)
  }
}

/** What a person can do about it. */
export function wayOut(error: unknown): string {
  if (!(error instanceof Problem)) return 'Reload the page. If it happens again, report it.'
  if (error.unreachable) return 'Check that `devgodzilla start` is running, then try again.'
  if (error.status === 401) return 'Sign in again.'
  if (error.status === 403) return 'Ask an admin for a token with a higher role.'
  if (error.status === 404) return 'It may have been renamed or deleted. Go back and look again.'
  if (error.status >= 500) return 'Try again. The server’s log says more under the request id.'
  return 'Change what was refused and try again.'
}
