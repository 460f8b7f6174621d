import type { Context } from 'hono'
import { HTTPException } from 'hono/http-exception'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import { DomainError, type ErrorCode, type FieldError } from '../core/errors.ts'
import { isOutage } from '../core/outage.ts'
import type { Env } from './app.ts'

const statuses: Record<ErrorCode, [ContentfulStatusCode, string]> = {
  malformed: [400, 'Malformed request'],
  unauthenticated: [401, 'Not authenticated'],
  forbidden: [403, 'Not allowed'],
  not_found: [404, 'Not found'],
  method_not_allowed: [405, 'Method not allowed'],
  conflict: [409, 'A rule forbids this'],
  gone: [410, 'No longer here'],
  too_large: [413, 'Too large'],
  invalid: [422, 'Invalid input'],
  too_many: [429, 'Too many requests'],
  timed_out: [408, 'Took too long'],
  upgrade_required: [426, 'Upgrade required'],
  unavailable: [503, 'Not available now'],
  upstream: [502, 'No answer from another service'],
}

/** RFC 9457, with the name of the rule, the fields at fault, and the request's id. */
export interface Problem {
  type: string
  title: string
  status: number
  detail: string
  code: ErrorCode | 'internal'
  rule?: string
  errors?: readonly FieldError[]
  requestId: string
}

/** Seconds: a Postgres that restarts is mostly back by then. */
const retryAfter = 2
const away = new DomainError(
  'unavailable',
  'database_answers',
  'The database does not answer just now. Ask again in a moment; repeat a change with its Idempotency-Key, since it may have been made.',
)

/** The one place where errors become answers. Unknown ones are opaque here and whole in the log. */
export function answerProblem(error: Error, c: Context<Env>): Response {
  if (error instanceof DomainError) {
    const [status, title] = statuses[error.code]
    if (status === 401) c.header('WWW-Authenticate', 'Bearer')
    if (status === 503) c.header('Retry-After', String(retryAfter))
    return problem(c, status, {
      title,
      detail: error.message,
      code: error.code,
      rule: error.rule,
      ...(error.fields.length > 0 ? { errors: error.fields } : {}),
    })
  }
  if (error instanceof HTTPException) return error.getResponse()
  if (isBrokenOff(error)) {
    c.var.log.debug({ err: error }, 'the request broke off')
    return problem(c, 400, {
      title: 'Malformed request',
      detail: 'The request broke off before its end.',
      code: 'malformed',
      rule: 'whole_body',
    })
  }
  if (isOutage(error)) {
    c.var.log.warn({ err: error }, 'a request found the database away')
    return answerProblem(away, c)
  }
  c.var.log.error({ err: error }, 'a request failed')
  return problem(c, 500, {
    title: 'Internal error',
    detail: 'Something went wrong on our side; the log has it under this request id.',
    code: 'internal',
  })
}

/** What Node says of a connection that ended amid a request; nobody is left to read the answer. */
const isBrokenOff = (error: NodeJS.ErrnoException) =>
  error.code === 'ECONNRESET' && error.message === 'aborted'

function problem(
  c: Context<Env>,
  status: ContentfulStatusCode,
  told: Omit<Problem, 'type' | 'status' | 'requestId'>,
): Response {
  const body: Problem = {
    type: told.rule ? `urn:devgodzilla:rule:${told.rule}` : 'about:blank',
    status,
    requestId: c.var.requestId,
    ...told,
  }
  return c.json(body, status, { 'Content-Type': 'application/problem+json' })
}
