import { answerQuestion as command } from '../../commands/sessions.ts'
import { conflict, found } from '../../core/errors.ts'
import { findAnswer, findSession, lockQuestion } from '../../store/sessions.ts'
import { mutation } from '../mutation.ts'
import { addNote } from './note.ts'

/**
 * Who plans the work answers beside the session, not in it: in their own name, without a word that
 * its agent is alive, and after its end too, for whoever goes on with its memory.
 */
export const answerQuestion = mutation(
  command,
  async (work, { session_key, question_id, text }) => {
    const session = found(await findSession(work.tx, session_key), 'session', session_key)
    const question = found(
      await lockQuestion(work.tx, session.thread, question_id),
      'question of this session',
      question_id,
    )
    const before = await findAnswer(work.tx, question.id)
    if (before) {
      throw conflict(
        'question_is_answered',
        `${before.agent ?? before.actor} has answered it already: “${before.text.slice(0, 500)}”`,
      )
    }
    return addNote(work, session, { kind: 'decision', text, answers_id: question.id })
  },
)
