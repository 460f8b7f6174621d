import { beatSession as command } from '../../commands/sessions.ts'
import { seenSession } from '../../store/sessions.ts'
import { mutation } from '../mutation.ts'
import { session } from '../runtime.ts'

/** Entering the session is all there is to do, and nothing that would be told. */
export const beatSession = mutation(command, async (work) => seenSession(session(work)), {
  session: ({ session_key }) => session_key,
})
