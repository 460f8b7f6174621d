import { endSession as command } from '../../commands/sessions.ts'
import { claimsOf } from '../../store/claims.ts'
import { closeSession, seenSession } from '../../store/sessions.ts'
import { releaseClaims } from '../claim/release.ts'
import { mutation } from '../mutation.ts'
import { session } from '../runtime.ts'

export const endSession = mutation(
  command,
  async (work) => {
    const { id, key, project_id, sprint_id } = session(work)
    const claims = await claimsOf(work.tx, id)
    await releaseClaims(
      work,
      claims.map(({ task_id }) => task_id),
      id,
      `Session ${key} ended.`,
    )
    const ended = await closeSession(work.tx, id, 'ended')
    await work.record({
      type: 'session.ended',
      entity_type: 'session',
      entity_id: id,
      project_id,
      sprint_id,
      payload: { key },
    })
    return seenSession(ended)
  },
  { session: ({ session_key }) => session_key },
)
