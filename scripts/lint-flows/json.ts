export type Fields = { [name: string]: unknown }

export const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** The mapping, or an empty one: what else is wrong with the value is another rule's matter. */
export const fieldsOf = (value: unknown): Fields => (isFields(value) ? value : {})

export const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : [])

export const textOf = (value: unknown): string => (typeof value === 'string' ? value : '')

export const equal = (one: unknown, other: unknown): boolean =>
  JSON.stringify(one) === JSON.stringify(other)
