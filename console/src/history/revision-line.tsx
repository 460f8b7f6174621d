import { useId, useState } from 'react'
import type { Project, RevisionInHistory } from '../api/types.ts'
import { formatMoment, formatWhole, timeAgo } from '../format/dates.ts'
import { Link } from '../routing/link.tsx'
import { paths } from '../routing/paths.ts'
import { useMay } from '../session/session.ts'
import { Differences } from './differences.tsx'
import type { Revised } from './queries.ts'
import { RollBack } from './roll-back.tsx'
import { type Names, revisionWords } from './words.ts'

interface RevisionLineProps {
  project: Project
  of: Revised
  /** Going back would be refused. */
  ended: boolean
  revision: RevisionInHistory
  /** Those that are loaded, the newest first. */
  all: readonly RevisionInHistory[]
  known: Names
  now: number
}

/** One revision as a sentence; opened, what it changed, and the way back to it. */
export function RevisionLine(props: RevisionLineProps) {
  const { revision, all, known, now } = props
  const [open, setOpen] = useState(false)
  const detail = useId()
  const isNow = revision.number === all[0]?.number
  return (
    <li className="revision">
      <button
        type="button"
        className="revision-line"
        aria-expanded={open}
        aria-controls={open ? detail : undefined}
        onClick={() => setOpen(!open)}
      >
        <span className="revision-words">{revisionWords(revision, known)}</span>
        <span className="revision-fine">
          Revision <span className="numbers">{revision.number}</span>
          {isNow && ', now'} · {revision.agent ?? revision.actor},{' '}
          <time dateTime={revision.created_at} title={formatWhole(revision.created_at)}>
            {timeAgo(revision.created_at, now)}
          </time>
        </span>
      </button>
      {open && <RevisionDetail {...props} id={detail} isNow={isNow} />}
    </li>
  )
}

function RevisionDetail(props: RevisionLineProps & { id: string; isNow: boolean }) {
  const { id, project, of, ended, revision, all, isNow } = props
  const { number } = revision
  const mayPlan = useMay('plan')
  const [other, setOther] = useState(number > 1 ? number - 1 : null)
  const [asked, setAsked] = useState(false)
  const select = useId()
  const others = all.filter((it) => it.number !== number)
  // The one before may not be loaded yet, and is compared with all the same.
  const before = number > 1 && !others.some((it) => it.number === number - 1)
  return (
    <div id={id} className="revision-detail">
      {(others.length > 0 || before) && (
        <p className="revision-against">
          <label htmlFor={select}>Compared with</label>
          <select
            id={select}
            value={other ?? ''}
            onChange={(event) => setOther(Number(event.target.value) || null)}
          >
            {other === null && <option value="">choose a revision</option>}
            {others.map((it) => (
              <option key={it.number} value={it.number}>
                {it.number}, {formatMoment(it.created_at)}, {it.agent ?? it.actor}
                {it.number === number - 1 && ', the one before'}
              </option>
            ))}
            {before && <option value={number - 1}>{number - 1}, the one before</option>}
          </select>
        </p>
      )}
      {other !== null && (
        <Differences
          project={project}
          of={of}
          from={Math.min(other, number)}
          to={Math.max(other, number)}
          alike="Nothing that a person would notice."
        />
      )}
      <p className="revision-end">
        <Origin project={project} revision={revision} />
        {mayPlan && !isNow && !ended && (
          <button type="button" className="button button-small" onClick={() => setAsked(true)}>
            Roll back to this…
          </button>
        )}
      </p>
      {asked && (
        <RollBack
          project={project}
          of={of}
          newest={all[0]?.number ?? number}
          to={number}
          onClose={() => setAsked(false)}
        />
      )}
    </div>
  )
}

/** Where the rest of what was done with it is told. */
function Origin({ project: { slug }, revision }: Pick<RevisionLineProps, 'project' | 'revision'>) {
  const { session_key, correlation_id, agent, actor } = revision
  if (session_key !== null) {
    return <Link to={paths.session(slug, session_key)}>The session of {agent ?? actor}</Link>
  }
  if (correlation_id === null) return <span>By {actor}</span>
  return (
    <Link to={`${paths.events(slug)}?correlation_id=${encodeURIComponent(correlation_id)}`}>
      Everything of this action
    </Link>
  )
}
