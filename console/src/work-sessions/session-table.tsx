import type { Project, SessionInList, Task } from '../api/types.ts'
import { formatMinute, formatMoment, formatWhole, timeAgo } from '../format/dates.ts'
import { count } from '../format/words.ts'
import { Link } from '../routing/link.tsx'
import { paths } from '../routing/paths.ts'
import { useNow } from '../ui/now.ts'
import { StatusWord } from '../ui/status-word.tsx'
import { isOver, overSince, standingOf } from './standing.ts'
import { Subject } from './subject.tsx'
import '../ui/records.css'
import './session-asks.css'

interface SessionTableProps {
  project: Project
  sessions: readonly SessionInList[]
  tasks: readonly Task[]
}

export function SessionTable({ project, sessions, tasks }: SessionTableProps) {
  const now = useNow()
  return (
    <table className="records" aria-label="Sessions, newest first">
      <thead>
        <tr>
          <th scope="col">Agent</th>
          <th scope="col">State</th>
          <th scope="col">Works on</th>
          <th scope="col">Began</th>
          <th scope="col">Last heard of</th>
          <th scope="col">Until</th>
        </tr>
      </thead>
      <tbody>
        {sessions.map((session) => (
          <tr key={session.id}>
            <td className="records-main">
              <Link to={paths.session(project.slug, session.key)}>{session.agent}</Link>
              {session.actor !== null && (
                <p className="records-fine">with the token {session.actor}</p>
              )}
              {session.open_questions > 0 && (
                <p className="session-asks">{count(session.open_questions, 'open question')}</p>
              )}
            </td>
            <td data-label="State">
              <StatusWord {...standingOf(session, now)} />
              <HandedTo project={project} session={session} sessions={sessions} />
            </td>
            <td data-label="Works on">
              <span>
                <Subject
                  project={project}
                  session={session}
                  task={tasks.find(({ id }) => id === session.entity_id)}
                />
              </span>
            </td>
            <td data-label="Began" className="numbers">
              {formatMoment(session.created_at)}
            </td>
            <td data-label="Last heard of" className="numbers">
              <time dateTime={session.heartbeat_at} title={formatWhole(session.heartbeat_at)}>
                {timeAgo(session.heartbeat_at, now)}
              </time>
            </td>
            <td data-label="Until">
              <span className="numbers">{until(session, now)}</span>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function HandedTo({
  project,
  session,
  sessions,
}: Omit<SessionTableProps, 'tasks'> & { session: SessionInList }) {
  const to = sessions.find(({ id }) => id === session.handed_to_id)
  if (!to) return null
  return (
    <p className="records-fine">
      to <Link to={paths.session(project.slug, to.key)}>{to.agent}</Link>
    </p>
  )
}

/** When it was over, or until when it has what it holds. */
function until(session: SessionInList, now: number): string {
  if (isOver(session, now)) return formatMoment(overSince(session))
  if (session.claims === 0) return `holds no task, expires ${formatMoment(session.expires_at)}`
  const lease = Date.parse(session.lease_until)
  return lease <= now
    ? `claims lapsed at ${formatMinute(lease)}`
    : `holds ${count(session.claims, 'task')} until ${formatMinute(lease)}`
}
