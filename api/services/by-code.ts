import type { Addressed } from '../core/addresses.ts'
import { DomainError } from '../core/errors.ts'
import { didYouMean, nearestOf } from '../core/nearest.ts'
import { codesLike, idsByCode } from '../store/codes.ts'
import type { Db } from '../store/database.ts'

/**
 * The id of the sprint or task that people call so, or of the project with this slug.
 * @throws DomainError `not_found` that names the nearest codes there are
 */
export async function idOfCode(
  db: Db,
  of: Addressed,
  code: string,
  field: string = of,
): Promise<number> {
  const ids = await idsOfCodes(db, of, [{ field, code }])
  return ids.get(code) as number
}

/** The ids of several at once. @throws DomainError `not_found` for the first that is not there */
export async function idsOfCodes(
  db: Db,
  of: Addressed,
  asked: readonly { field: string; code: string }[],
): Promise<Map<string, number>> {
  const ids = await idsByCode(db, of, [...new Set(asked.map((it) => it.code))])
  const missing = asked.find((it) => !ids.has(it.code))
  if (missing) throw await unknown(db, of, missing)
  return ids
}

async function unknown(
  db: Db,
  of: Addressed,
  { field, code }: { field: string; code: string },
): Promise<DomainError> {
  const wanted = code.toLowerCase()
  const known = await codesLike(db, of, code)
  const spelled = new Map(known.map((it) => [it.toLowerCase(), it]))
  const near = nearestOf(wanted, [...spelled.keys()], 3).map((it) => spelled.get(it) ?? it)
  const called = of === 'project' ? 'slug' : 'code'
  const other = of === 'sprint' ? 'task' : 'sprint'
  const isOther = of !== 'project' && (await idsByCode(db, other, [code])).has(code)
  const told = isOther
    ? `${code} is a ${other}, not a ${of}.`
    : `There is no ${of} ${code}.${didYouMean(near)}`
  return new DomainError('not_found', 'exists', told, {
    fields: [{ field, message: `no ${of} has this ${called}` }],
  })
}
