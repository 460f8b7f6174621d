import type { Work } from '../runtime.ts'
import { type GivenBack, giveBack } from './give-back.ts'
import { released } from './settle.ts'

/** Ends what a session has claimed of these tasks, and tells so of each. */
export async function releaseClaims(
  work: Work,
  taskIds: readonly number[],
  sessionId: number,
  reason: string,
): Promise<GivenBack[]> {
  const given = await giveBack(work, taskIds, (it) => it.session_id === sessionId, reason)
  await work.record(...given.map(({ claim, task }) => released(claim, task, 'released')))
  return given
}
