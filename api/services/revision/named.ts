import type { RevisedEntity, Revision } from '../../core/entities/revision.ts'
import { conflict, DomainError, found } from '../../core/errors.ts'
import type { Db } from '../../store/database.ts'
import { newestRevision, revisionsNamed } from '../../store/revisions.ts'

export interface Of {
  entity_type: RevisedEntity
  entity_id: number
}

export const ofTask = (task_id: number): Of => ({ entity_type: 'task', entity_id: task_id })
export const ofSprint = (sprint_id: number): Of => ({ entity_type: 'sprint', entity_id: sprint_id })

/** The newest revision of an entity. @throws DomainError `not_found` where it never was */
export async function newest(db: Db, of: Of): Promise<Revision> {
  return found(await newestRevision(db, of), of.entity_type, of.entity_id)
}

/**
 * The revision that a number or the beginning of a hash names.
 * @throws DomainError `not_found` that says which there are, `conflict` where several begin so
 */
export async function named(db: Db, of: Of, reference: string): Promise<Revision> {
  const last = await newest(db, of)
  const [one, another] = await revisionsNamed(db, of, reference)
  if (another) {
    throw conflict(
      'one_revision_begins_so',
      `Several revisions of ${of.entity_type} ${of.entity_id} begin with ${reference}; give more of the hash.`,
    )
  }
  if (one) return one
  throw new DomainError(
    'not_found',
    'exists',
    `There is no revision ${reference} of ${of.entity_type} ${of.entity_id}; it has the numbers 1 to ${last.number}.`,
  )
}
