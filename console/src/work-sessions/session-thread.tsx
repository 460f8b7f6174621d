import type { Project, SessionWithMemory } from '../api/types.ts'
import { formatMoment } from '../format/dates.ts'
import { Link } from '../routing/link.tsx'
import { paths } from '../routing/paths.ts'
import { StatusWord } from '../ui/status-word.tsx'
import { standingOf } from './standing.ts'

interface SessionThreadProps {
  project: Project
  session: SessionWithMemory
  now: number
}

/** From hand to hand: the sessions that share this memory. Nothing where there is one. */
export function SessionThread({ project, session, now }: SessionThreadProps) {
  if (session.thread.length < 2) return null
  return (
    <section className="section" aria-labelledby="handoffs">
      <h2 id="handoffs">Handoffs</h2>
      <ol className="session-thread">
        {session.thread.map((it) => (
          <li key={it.id} aria-current={it.id === session.id ? 'true' : undefined}>
            <StatusWord {...standingOf(it, now)} word={it.agent} />
            <span className="session-fine">
              {it.id === session.id ? (
                'this session'
              ) : (
                <Link to={paths.session(project.slug, it.key)}>its session</Link>
              )}
              , {standingOf(it, now).word},{' '}
              <span className="numbers">{formatMoment(it.created_at)}</span>
            </span>
          </li>
        ))}
      </ol>
    </section>
  )
}
