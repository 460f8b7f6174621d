/** Kinds of refusal. Surfaces map them: HTTP to a status, MCP and CLI to words. */
export type ErrorCode =
  | 'malformed'
  | 'unauthenticated'
  | 'forbidden'
  | 'not_found'
  | 'method_not_allowed'
  | 'conflict'
  | 'gone'
  | 'too_large'
  | 'too_many'
  | 'timed_out'
  | 'upgrade_required'
  | 'invalid'
  | 'unavailable'
  | 'upstream'

export interface FieldError {
  field: string
  message: string
}

/**
 * A refusal that the caller can act on: says what, by which rule, and the way out.
 * Nothing has been changed when it is thrown.
 */
export class DomainError extends Error {
  readonly code: ErrorCode
  /** Name of the broken rule, stable across wordings; clients may switch on it. */
  readonly rule: string
  readonly fields: readonly FieldError[]

  constructor(
    code: ErrorCode,
    rule: string,
    message: string,
    options: { fields?: readonly FieldError[]; cause?: unknown } = {},
  ) {
    super(message, { cause: options.cause })
    this.name = 'DomainError'
    this.code = code
    this.rule = rule
    this.fields = options.fields ?? []
  }
}

export const conflict = (rule: string, message: string) =>
  new DomainError('conflict', rule, message)

export const notFound = (entity: string, key: string | number) =>
  new DomainError('not_found', 'exists', `There is no ${entity} ${key}.`)

export const invalid = (field: string, rule: string, message: string) =>
  new DomainError('invalid', rule, `${field}: ${message}`, { fields: [{ field, message }] })

/** The row, or a 404 that names what was asked for. */
export function found<T>(row: T | undefined, entity: string, key: string | number): T {
  if (row === undefined) throw notFound(entity, key)
  return row
}
