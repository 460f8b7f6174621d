import { grants } from '../../core/entities/access.ts'
import { conflict, type DomainError } from '../../core/errors.ts'
import { type LiveClaim, liveClaims } from '../../store/claims.ts'
import type { Work } from '../runtime.ts'

/**
 * Two agents must not write one task: per task that another session has claimed, the refusal for
 * an agent. Who plans the work may always. The tasks are locked.
 */
export async function claimRefusals(
  work: Work,
  taskIds: readonly number[],
): Promise<Map<number, DomainError>> {
  if (grants(work.caller.role, 'plan')) return new Map()
  const claims = await liveClaims(work.tx, taskIds)
  return new Map(
    claims
      .filter((claim) => !claim.lapsed && claim.session_id !== work.session?.id)
      .map((claim) => [claim.task_id, claimedBy(claim)]),
  )
}

export const claimedBy = (claim: LiveClaim): DomainError =>
  conflict(
    'task_claimed',
    `Task ${claim.task_code} is claimed by ${claim.agent} until ${claim.lease_until} at least. If that is you, go on in session ${claim.session_key}; else take another task, or have this one handed to you.`,
  )
