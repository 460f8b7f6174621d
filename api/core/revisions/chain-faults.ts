import type { Revision, RevisionFault } from '../entities/revision.ts'
import { revisionHash } from './revision-hash.ts'

/** What is wrong with a revision as the next one of its chain; `before` is undefined for the first. */
export function chainFaults(before: Revision | undefined, revision: Revision): RevisionFault[] {
  const { entity_type, entity_id, number } = revision
  const fault = (fault: RevisionFault['fault'], detail: string) => [
    { entity_type, entity_id, number, fault, detail },
  ]
  const expected = (before?.number ?? 0) + 1
  return [
    ...(revisionHash(revision) === revision.hash
      ? []
      : fault('hash', 'its hash is not that of what it says')),
    ...(number === expected
      ? []
      : fault(
          'number',
          `it follows ${before ? `number ${before.number}` : 'none'}: ${missing(expected, number)}`,
        )),
    ...(revision.parent_hash === (before?.hash ?? null)
      ? []
      : fault('parent', 'its parent is not the revision before it')),
  ]
}

const missing = (from: number, to: number) =>
  to - from === 1 ? `${from} is missing` : `${from} to ${to - 1} are missing`
