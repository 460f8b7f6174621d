import { updateAdr as command } from '../../commands/adrs.ts'
import type { AdrStatus } from '../../core/entities/adr.ts'
import { conflict, found, invalid } from '../../core/errors.ts'
import { changesBetween } from '../../core/events/changes.ts'
import { type AdrRow, findAdr, lockAdrs, updateAdr as save } from '../../store/adrs.ts'
import { findProject } from '../../store/projects.ts'
import { mutation } from '../mutation.ts'
import type { Work } from '../runtime.ts'
import { about, seen } from './told.ts'

export const updateAdr = mutation(command, async (work, { project_id, number, ...given }) => {
  found(await findProject(work.tx, project_id), 'project', project_id)
  const locked = await lockAdrs(work.tx, project_id, [number, given.superseded_by ?? number])
  const before = found(
    locked.find((it) => it.number === number),
    'ADR',
    number,
  )
  const { status, superseded_by } = succession(before, given)
  const successor = locked.find((it) => it.number === superseded_by)
  if (superseded_by !== before.superseded_by) refuseSuccessor(before, superseded_by, successor)
  if (status === 'rejected' && before.supersedes.length > 0) {
    throw conflict(
      'rejected_supersedes_nothing',
      `ADR ${number} supersedes ADR ${before.supersedes.join(', ')}; give that one another status first, such as accepted.`,
    )
  }
  const changes = changesBetween<AdrRow>(before, { ...given, status, superseded_by })
  if (!changes) {
    work.nothingChanged()
    return seen(before)
  }
  await save(work.tx, before, changes.values)
  await tell(work, before, changes.told, superseded_by)
  return seen(found(await findAdr(work.tx, project_id, number), 'ADR', number))
})

/** Status and successor go together: one that is named makes it superseded, another status frees it. */
function succession(
  before: AdrRow,
  { status, superseded_by }: { status?: AdrStatus | undefined; superseded_by?: number | undefined },
): Pick<AdrRow, 'status' | 'superseded_by'> {
  if (superseded_by !== undefined) {
    if (status !== undefined && status !== 'superseded') {
      throw invalid('status', 'superseded_names_its_successor', 'is superseded, or leave it out')
    }
    return { status: 'superseded', superseded_by }
  }
  if (status === 'superseded' && before.superseded_by === null) {
    throw invalid(
      'superseded_by',
      'superseded_names_its_successor',
      'is required: the number of the later decision that takes its place',
    )
  }
  if (status === undefined || status === 'superseded') return before
  return { status, superseded_by: null }
}

function refuseSuccessor(before: AdrRow, number: number | null, by: AdrRow | undefined): void {
  if (number === null) return
  if (number <= before.number) {
    throw invalid('superseded_by', 'superseded_by_a_later_one', 'must be the number of a later one')
  }
  if (by === undefined) {
    throw invalid('superseded_by', 'exists', `the project has no ADR ${number}`)
  }
  if (by.status === 'rejected') {
    throw invalid(
      'superseded_by',
      'rejected_supersedes_nothing',
      `ADR ${number} is rejected; a rejected decision replaces none`,
    )
  }
}

async function tell(
  work: Work,
  before: AdrRow,
  { status, superseded_by, ...changes }: NonNullable<ReturnType<typeof changesBetween>>['told'],
  by: number | null,
): Promise<void> {
  const { number, title } = before
  if (superseded_by && by !== null) {
    await work.record({
      ...about(before),
      type: 'adr.superseded',
      payload: { number, title, from: before.status, by },
    })
  }
  const told = { ...(status && !(superseded_by && by !== null) ? { status } : {}), ...changes }
  if (Object.keys(told).length === 0) return
  await work.record({ ...about(before), type: 'adr.updated', payload: { changes: told } })
}
