import { invalid } from '../../core/errors.ts'
import { type AdrRow, lockAdrs, updateAdr } from '../../store/adrs.ts'
import type { Work } from '../runtime.ts'
import { about } from './told.ts'

/**
 * Lets a record take the place of earlier ones of its project, which becomes their status.
 * @throws DomainError `invalid` naming what is not there, is no earlier one, or has a successor
 */
export async function supersede(
  work: Work,
  by: Pick<AdrRow, 'project_id' | 'number'>,
  numbers: readonly number[],
): Promise<void> {
  const wanted = [...new Set(numbers)]
  if (wanted.includes(by.number)) {
    throw invalid('supersedes', 'earlier', `ADR ${by.number} is this one; name earlier ones`)
  }
  const earlier = await lockAdrs(work.tx, by.project_id, wanted)
  const missing = wanted.filter((number) => !earlier.some((it) => it.number === number))
  if (missing.length > 0) {
    throw invalid('supersedes', 'exists', `the project has no ADR ${missing.join(', ')}`)
  }
  for (const adr of earlier) {
    if (adr.superseded_by !== null && adr.superseded_by !== by.number) {
      throw invalid(
        'supersedes',
        'superseded_once',
        `ADR ${adr.number} is superseded by ADR ${adr.superseded_by} already; supersede that one`,
      )
    }
    await updateAdr(work.tx, adr, { status: 'superseded', superseded_by: by.number })
    await work.record({
      ...about(adr),
      type: 'adr.superseded',
      payload: { number: adr.number, title: adr.title, from: adr.status, by: by.number },
    })
  }
}
