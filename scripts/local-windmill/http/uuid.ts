import { badRequest } from './refusal.ts'

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/** @throws Refusal (400) naming the field */
export function uuid(value: string, field: string): string {
  if (!UUID.test(value)) throw badRequest(`${field} must be a UUID`)
  return value.toLowerCase()
}
