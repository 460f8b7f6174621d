import { createHash } from 'node:crypto'
import type { Revision } from '../entities/revision.ts'

/**
 * What the hash of a revision must be, in hex: SHA-256 of entity id, LF, time, LF and the rest of it
 * as one JSON object, as migration 0022 says.
 */
export function revisionHash(revision: Omit<Revision, 'hash'>): string {
  const { entity_id, created_at, content, ...rest } = revision
  const {
    actor,
    agent,
    correlation_id,
    entity_type,
    number,
    parent_hash,
    project_id,
    session_key,
  } = rest
  // The content as it is kept, to the byte: parsed and written again, it might say what it did not.
  const before = JSON.stringify({ actor, agent }).slice(0, -1)
  const after = JSON.stringify({
    correlation_id,
    entity_type,
    number,
    parent_hash,
    project_id,
    session_key,
  }).slice(1)
  return createHash('sha256')
    .update(`${entity_id}\n${created_at}\n${before},"content":${content},${after}`)
    .digest('hex')
}
