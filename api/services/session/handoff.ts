import { handOffSession as command } from '../../commands/sessions.ts'
import { conflict } from '../../core/errors.ts'
import { claimsOf } from '../../store/claims.ts'
import { closeSession, insertNote, insertSession, seenSession } from '../../store/sessions.ts'
import { handOverClaims } from '../claim/hand-over.ts'
import { mutation } from '../mutation.ts'
import { session } from '../runtime.ts'

/** The receiver gets a session of its own, in the same thread: the memory and the claims are its. */
export const handOffSession = mutation(
  command,
  async (work, { to_agent, message }) => {
    const from = session(work)
    if (to_agent === from.agent) {
      throw conflict('handoff_to_another', `Session ${from.key} is that of ${to_agent} already.`)
    }
    if (message?.trim()) {
      await insertNote(work.tx, {
        session_id: from.id,
        kind: 'note',
        text: message,
        answers_id: null,
        agent: from.agent,
        actor: work.caller.actor,
      })
    }
    const { project_id, sprint_id, task_id } = from
    const to = await insertSession(work.tx, {
      project_id,
      sprint_id,
      task_id,
      agent: to_agent,
      actor: null,
      before: from,
    })
    await closeSession(work.tx, from.id, 'handed_off', to.id)
    await handOverClaims(work, from, to)
    const claims = await claimsOf(work.tx, to.id)
    await work.record({
      type: 'session.handed_off',
      entity_type: 'session',
      entity_id: from.id,
      project_id,
      sprint_id,
      payload: {
        key: from.key,
        to_key: to.key,
        to_agent,
        claims: claims.map(({ task_id }) => task_id),
      },
    })
    return {
      session: seenSession(to),
      claims,
      message: `${to_agent} goes on with AGENT INIT SESSION:${to.key}; the claims lapse at ${to.lease_until} unless it has by then.`,
    }
  },
  { session: ({ session_key }) => session_key },
)
