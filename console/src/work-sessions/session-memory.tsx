import { useState } from 'react'
import type { Memory, SessionNote } from '../api/types.ts'
import { formatWhole, timeAgo } from '../format/dates.ts'
import { shortened } from '../format/shortened.ts'
import { count } from '../format/words.ts'

/** What the agents of a session remember: what is open first. */
export function SessionMemory({ memory, now }: { memory: Memory; now: number }) {
  const { open_questions, decisions, notes, left_out } = memory
  const kinds = [
    { title: 'Open questions', of: open_questions },
    { title: 'Decisions', of: decisions },
    { title: 'Notes', of: notes },
  ].filter(({ of }) => of.length > 0)
  return (
    <section className="section" aria-labelledby="memory">
      <h2 id="memory">Memory</h2>
      {kinds.length === 0 && (
        <p className="session-none">No note, no decision and no open question yet.</p>
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

function Note({ note, now }: { note: SessionNote; now: number }) {
  const [whole, setWhole] = useState(false)
  const { text, answers_id, agent, actor, created_at } = note
  const isLong = text.length > atFirst
  return (
    <>
      <p className="session-note">{whole ? text : shortened(text, atFirst)}</p>
      <p className="session-fine">
        {answers_id !== null && 'Answers a question. '}
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
      </p>
    </>
  )
}
