import { conflict, DomainError } from '../../core/errors.ts'
import { lockSyncRounds, type Rounds } from '../../store/delegation-syncs.ts'
import { type Work, workIn } from '../runtime.ts'

/**
 * Begins a sync or its confirmation: those of one project come one after the other, and one whose
 * files were read before another is refused, since it would take what that one wrote for edits.
 * @param expected the round that `delegation.get` told before the files were read
 * @returns the work in which to make the changes that files bring (they start no further sync), and
 * what there was before
 * @throws DomainError `conflict` where another one came between
 */
export async function takeRound(
  given: Work,
  projectId: number,
  expected?: number | undefined,
): Promise<{ work: Work; before: Rounds }> {
  const before = await lockSyncRounds(given.tx, projectId)
  refuseOvertaken(before, expected)
  const caller = { ...given.caller, unheardBy: 'changes_to_files' as const }
  return { work: await workIn(given.tx, given.runtime, caller), before }
}

export const isOvertaken = (error: unknown) =>
  error instanceof DomainError && error.rule === 'sync_overtaken'

/** @throws DomainError `conflict` where another sync came after the round that was expected */
export function refuseOvertaken({ round }: Rounds, expected: number | undefined): void {
  if (expected === undefined || expected === round) return
  throw conflict(
    'sync_overtaken',
    `Another sync of this project came between (expected_round ${expected}, now ${round}): read the files again and send those.`,
  )
}
