import { type ReactNode, useState } from 'react'
import type { RememberedNote, SessionWithMemory } from '../api/types.ts'
import { formatWhole, timeAgo } from '../format/dates.ts'
import { shortened } from '../format/shortened.ts'
import { count } from '../format/words.ts'
import { useMay } from '../session/session.ts'
import { AnswerDialog } from './answer-dialog.tsx'

interface SessionMemoryProps {
  session: SessionWithMemory
  now: number
}

/** What the agents of a session remember: what is open first, for somebody to answer. */
export function SessionMemory({ session, now }: SessionMemoryProps) {
  const [asked, setAsked] = useState<RememberedNote | null>(null)
  const mayAnswer = useMay('plan')
  const { open_questions, decisions, notes, left_out } = session.memory
  const kinds = [
    { title: 'Decisions', of: decisions },
    { title: 'Notes', of: notes },
  ].filter(({ of }) => of.length > 0)
  return (
    <section className="section" aria-labelledby="memory">
      {/* Once its question is answered, the focus goes to the next one, or here. */}
      <h2 id="memory" tabIndex={-1}>
        Memory
      </h2>
      {asked && (
        <AnswerDialog session={session} question={asked} now={now} onClose={() => setAsked(null)} />
      )}
      {kinds.length + open_questions.length === 0 && (
        <p className="session-none">No note, no decision and no open question yet.</p>
      )}
      {open_questions.length > 0 && (
        <section className="session-kind session-open" aria-label="Open questions">
          <h3>Open questions</h3>
          <ul>
            {open_questions.map((question) => (
              <li key={question.id}>
                <Note note={question} now={now}>
                  {mayAnswer && (
                    <button
                      type="button"
                      className="button button-small"
                      aria-describedby={textId(question)}
                      onClick={() => setAsked(question)}
                    >
                      Answer…
                    </button>
                  )}
                </Note>
              </li>
            ))}
          </ul>
        </section>
      )}
      {kinds.map(({ title, of }) => (
        <section key={title} className="session-kind" aria-label={title}>
          <h3>{title}</h3>
          <ul>
            {of.map((note) => (
              <li key={note.id}>
                <Note note={note} now={now} />
              </li>
            ))}
          </ul>
        </section>
      ))}
      {left_out > 0 && (
        <p className="session-none">{count(left_out, 'older one')}, not listed here</p>
      )}
    </section>
  )
}

/** Of one note, in characters, until all of it is asked for. */
const atFirst = 500
const mostOfQuestion = 160

const textId = ({ id }: RememberedNote) => `note-${id}`

interface NoteProps {
  note: RememberedNote
  now: number
  /** What can be done about it. */
  children?: ReactNode
}

function Note({ note, now, children }: NoteProps) {
  const [whole, setWhole] = useState(false)
  const { text, question, agent, actor, created_at } = note
  const isLong = text.length > atFirst
  return (
    <>
      {question !== null && (
        <p className="session-fine">Answers “{shortened(question, mostOfQuestion)}”</p>
      )}
      <p className="session-note" id={textId(note)}>
        {whole ? text : shortened(text, atFirst)}
      </p>
      <p className="session-fine">
        {agent ?? actor},{' '}
        <time dateTime={created_at} title={formatWhole(created_at)}>
          {timeAgo(created_at, now)}
        </time>
        {isLong && (
          <button
            type="button"
            className="button button-small"
            aria-expanded={whole}
            onClick={() => setWhole(!whole)}
          >
            {whole ? 'Show less' : 'Show all of it'}
          </button>
        )}
        {children}
      </p>
    </>
  )
}
