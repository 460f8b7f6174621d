import { noteInSession as command } from '../../commands/sessions.ts'
import type { SessionNote } from '../../core/entities/session.ts'
import { invalid } from '../../core/errors.ts'
import { findQuestion, insertNote, type SessionRow } from '../../store/sessions.ts'
import { mutation } from '../mutation.ts'
import { session, type Work } from '../runtime.ts'

export const noteInSession = mutation(
  command,
  async (work, { kind, text, answers_id = null }) => {
    const { thread } = session(work)
    if (answers_id !== null && !(await findQuestion(work.tx, thread, answers_id))) {
      throw invalid('answers_id', 'answers_a_question', 'is no question of this session')
    }
    return addNote(work, session(work), { kind, text, answers_id })
  },
  { session: ({ session_key }) => session_key },
)

/** Writes into the memory of a session, and tells of it. */
export async function addNote(
  work: Work,
  { id, key, project_id, sprint_id }: SessionRow,
  said: Pick<SessionNote, 'kind' | 'text' | 'answers_id'>,
): Promise<SessionNote> {
  const { agent, actor } = work.caller
  const note = await insertNote(work.tx, { session_id: id, ...said, agent, actor })
  await work.record({
    type: 'session.noted',
    entity_type: 'session',
    entity_id: id,
    project_id,
    sprint_id,
    payload: { key, note_id: note.id, kind: said.kind },
  })
  return note
}
