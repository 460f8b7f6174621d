import type * as z from 'zod'
import { type Addressed, addressed, isName, within } from '../core/addresses.ts'
import type { Db } from '../store/database.ts'
import { idsOfCodes } from './by-code.ts'

/** Entries of a list that are looked up; longer ones are refused by the validation. */
const most = 1000

/** A place in an input where a name stands for an id. */
interface Named {
  of: Addressed
  field: string
  code: string
  put(id: number): void
}

/**
 * The input with ids in place of codes and slugs, in those fields of `schema` that name a sprint, a
 * task or a project. Asks the database only where there are any.
 * @throws DomainError `not_found` that names the field and the nearest codes there are
 */
export async function withIds(db: Db, schema: z.ZodObject, input: unknown): Promise<unknown> {
  if (!isFields(input)) return input
  const copy = { ...input }
  const names = [...namesIn(copy, schema)]
  for (const of of new Set(names.map((it) => it.of))) {
    const asked = names.filter((it) => it.of === of)
    const ids = await idsOfCodes(db, of, asked)
    for (const { code, put } of asked) put(ids.get(code) as number)
  }
  return copy
}

/** Finds what is to be replaced in `fields`, whose nested objects it replaces by copies. */
function* namesIn(fields: Fields, schema: z.ZodObject, prefix = ''): Generator<Named> {
  for (const [field, value] of Object.entries(fields)) {
    // What the command does not know is for the validation to refuse.
    if (prefix === '' && !Object.hasOwn(schema.shape, field)) continue
    const of = Object.hasOwn(addressed, field) ? addressed[field] : undefined
    const told = prefix + field
    if (of && isName(value)) {
      const put = (id: number) => {
        fields[field] = id
      }
      yield { of, field: told, code: value, put }
    } else if (of && isDigits(value)) {
      fields[field] = Number(value)
    } else if (of && Array.isArray(value) && value.length <= most) {
      const list = [...value]
      fields[field] = list
      for (const [index, entry] of list.entries()) {
        if (isDigits(entry)) list[index] = Number(entry)
        if (!isName(entry)) continue
        const put = (id: number) => {
          list[index] = id
        }
        yield { of, field: `${told}.${index}`, code: entry, put }
      }
    } else if (within.includes(field) && isFields(value)) {
      const copy = { ...value }
      fields[field] = copy
      yield* namesIn(copy, schema, `${told}.`)
    }
  }
}

type Fields = Record<string, unknown>
const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const isDigits = (value: unknown): value is string =>
  typeof value === 'string' && /^[1-9]\d{0,14}$/.test(value)
