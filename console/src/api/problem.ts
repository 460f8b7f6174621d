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

const keyRule = 'idempotency_key_names_one_request'

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

  /** It was refused for good: what is sent next is another request, under another key. */
  get settled(): boolean {
    const passing = this.status === 0 || this.status >= 500 || [408, 429].includes(this.status)
    return !passing && this.rule !== keyRule
  }

  /** An earlier try had arrived; only its answer was lost, and it was changed since. */
  get hadArrived(): boolean {
    return this.rule === keyRule
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

/** Where a rule has a way out of its own. */
const ways: Record<string, string> = {
  sprint_transition: 'Somebody was faster: close this and look where the sprint is now.',
  closed_sprint_is_read_only: 'Close this and look at its report.',
  import_overtaken: 'Go back and preview again.',
  question_is_answered: 'Close this: the answer is in the memory.',
  linked_sprint_stays: 'Close this, and end the sprint instead.',
  [keyRule]: 'Close this and look at it: it can be changed there.',
}

/** What a person can do about it. */
export function wayOut(error: unknown): string {
  if (!(error instanceof Problem)) return 'Reload the page. If it happens again, report it.'
  if (error.unreachable) return 'Check that `devgodzilla start` is running, then try again.'
  if (error.status === 401) return 'Sign in again.'
  if (error.status === 403) return 'Ask an admin for a token with a higher role.'
  if (error.status === 404) return 'It may have been renamed or deleted. Go back and look again.'
  const way = ways[error.rule ?? '']
  if (way) return way
  if (error.status >= 500) return 'Try again. The server’s log says more under the request id.'
  return 'Change what was refused and try again.'
}
