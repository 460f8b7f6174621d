import type { Project, Session, SessionActivity, Task } from '../api/types.ts'
import { formatMinute, formatMoment, formatWhole, timeAgo } from '../format/dates.ts'
import { spent } from '../format/durations.ts'
import { count } from '../format/words.ts'
import { CommandLine } from '../ui/command-line.tsx'
import { isOver } from './standing.ts'
import { Subject } from './subject.tsx'

interface SessionFactsProps {
  project: Project
  session: Session
  activity: SessionActivity
  task: Task | undefined
  now: number
}

/** Who, on what, since when and until when. */
export function SessionFacts({ project, session, activity, task, now }: SessionFactsProps) {
  const { actor, created_at, ended_at, heartbeat_at } = session
  const over = isOver(session, now)
  const lasted = spent(created_at, over ? (ended_at ?? heartbeat_at) : null, now)
  return (
    <>
      <ul className="session-facts">
        <li>
          Works on <Subject project={project} session={session} task={task} />
        </li>
        {actor !== null && <li>With the token {actor}</li>}
        <li className="numbers">
          Began {formatMoment(created_at)}, {over ? 'took' : 'for'} {lasted}
        </li>
        <li className="numbers">
          Last heard of{' '}
          <time dateTime={heartbeat_at} title={formatWhole(heartbeat_at)}>
            {timeAgo(heartbeat_at, now)}
          </time>
        </li>
        {!over && <li className="numbers">{clocksOf(session, now)}</li>}
        {activity.tokens !== null && <li>{count(activity.tokens, 'token')}</li>}
      </ul>
      {!over && actor === null && (
        <div className="session-waits" role="status">
          <p>Handed to {session.agent}, who has not taken it up yet. It goes on with:</p>
          <CommandLine
            command={`npx devgodzilla agent init SESSION:${session.key} --agent ${session.agent}`}
          />
        </div>
      )}
    </>
  )
}

function clocksOf({ lease_until, expires_at }: Session, now: number): string {
  const lease = Date.parse(lease_until)
  const claims = lease <= now ? 'Claims lapsed at' : 'Claims kept until'
  return `${claims} ${formatMinute(lease)}, the session until ${formatMoment(expires_at)}`
}
