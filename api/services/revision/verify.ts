import { verifyRevisions as command } from '../../commands/revisions.ts'
import type { RevisedEntity, Revision, RevisionFault } from '../../core/entities/revision.ts'
import { chainFaults } from '../../core/revisions/chain-faults.ts'
import type { Tx } from '../../store/database.ts'
import { contentsNow, revisionsAfter, unrevised } from '../../store/revisions.ts'
import { transaction } from '../../store/transaction.ts'
import { query } from '../query.ts'

const batchSize = 2000
const mostFaults = 1000

/** Looks at every chain as it is at one moment, a batch at a time. */
export const verifyRevisions = query(command, ({ runtime }) =>
  transaction(runtime.db, verify, { readsAlone: true }),
)

async function verify(tx: Tx) {
  const faults: RevisionFault[] = []
  const report = { revisions: 0, entities: 0, more: 0 }
  const tell = (found: readonly RevisionFault[]) => {
    const room = Math.max(0, mostFaults - faults.length)
    faults.push(...found.slice(0, room))
    report.more += Math.max(0, found.length - room)
  }
  // The chain that the last batch ended in goes on in the next one: its end is not known yet.
  let last: Revision | undefined
  for (;;) {
    const batch = await revisionsAfter(tx, last, batchSize)
    if (batch.length === 0) break
    const ends: Revision[] = []
    for (const revision of batch) {
      const isNext =
        last?.entity_type === revision.entity_type && last.entity_id === revision.entity_id
      if (last && !isNext) ends.push(last)
      tell(chainFaults(isNext ? last : undefined, revision))
      report.revisions++
      last = revision
    }
    report.entities += ends.length
    tell(await endFaults(tx, ends))
  }
  if (last) {
    report.entities++
    tell(await endFaults(tx, [last]))
  }
  tell(
    (await unrevised(tx)).map((it) => ({
      ...it,
      number: null,
      fault: 'unrecorded',
      detail: 'it is there, but has no revision',
    })),
  )
  return { ...report, faults }
}

/** Where the newest revision of an entity does not say what the entity is. */
async function endFaults(tx: Tx, ends: readonly Revision[]): Promise<RevisionFault[]> {
  const now = {
    sprint: await contentsNow(tx, 'sprint', idsOf(ends, 'sprint')),
    task: await contentsNow(tx, 'task', idsOf(ends, 'task')),
  }
  return ends.flatMap(({ entity_type, entity_id, number, content }) => {
    const there = now[entity_type].get(entity_id) ?? 'null'
    if (there === content) return []
    const detail = `it is not as its newest revision, ${number}, says`
    return [{ entity_type, entity_id, number: null, fault: 'row' as const, detail }]
  })
}

const idsOf = (ends: readonly Revision[], type: RevisedEntity) =>
  ends.filter((it) => it.entity_type === type).map((it) => it.entity_id)
