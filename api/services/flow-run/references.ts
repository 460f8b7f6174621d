import { DomainError } from '../../core/errors.ts'

/**
 * Windmill puts secrets in the place of these, with the rights of our own token: whoever asks us
 * could have a flow tell them. `within` is the field of the request that the values stand in.
 * @throws DomainError `invalid` naming each value that holds one
 */
export function refuseReferences(within: string, values: Record<string, unknown>): void {
  const fields = Object.entries(values)
    .filter(([, value]) => holdsReference(value))
    .map(([name]) => ({
      field: `${within}.${name}`,
      message: 'must not name a variable or resource ($var:…, $res:…)',
    }))
  if (fields.length === 0) return
  throw new DomainError('invalid', 'arguments_are_values', said(fields), { fields })
}

const said = (fields: readonly { field: string; message: string }[]) =>
  fields.map(({ field, message }) => `${field}: ${message}`).join('; ')

function holdsReference(value: unknown): boolean {
  if (typeof value === 'string') return /^\$[a-z]+:/i.test(value)
  return typeof value === 'object' && value !== null && Object.values(value).some(holdsReference)
}
