import type { Project, SessionActivity, SessionWithMemory, Task } from '../api/types.ts'
import { formatMinute, formatMoment, formatWhole, timeAgo } from '../format/dates.ts'
import { spent } from '../format/durations.ts'
import { capital, count } from '../format/words.ts'
import { CommandLine } from '../ui/command-line.tsx'
import { isOver, overSince, standingOf } from './standing.ts'
import { Subject } from './subject.tsx'

interface SessionFactsProps {
  project: Project
  session: SessionWithMemory
  activity: SessionActivity
  task: Task | undefined
  now: number
}

/** Who, on what, since when and until when. */
export function SessionFacts({ project, session, activity, task, now }: SessionFactsProps) {
  const { actor, created_at, heartbeat_at } = session
  const over = isOver(session, now)
  const { word } = standingOf(session, now)
  // An agent that fell silent had stopped before its time ran out.
  const until = word === 'expired' ? heartbeat_at : overSince(session)
  const lasted = spent(created_at, over ? until : null, now)
  return (
    <>
      <ul className="session-facts">
        <li>
          Works on <Subject project={project} session={session} task={task} />
        </li>
        {actor !== null && <li>With the token {actor}</li>}
        <li className="numbers">
          Began {formatMoment(created_at)}, {over ? 'worked' : 'for'} {lasted}
        </li>
        <li className="numbers">
          Last heard of{' '}
          <time dateTime={heartbeat_at} title={formatWhole(heartbeat_at)}>
            {timeAgo(heartbeat_at, now)}
          </time>
        </li>
        <li className="numbers">
          {over ? `${capital(word)} ${formatMoment(overSince(session))}` : clocksOf(session, now)}
        </li>
        {activity.tokens !== null && <li>{count(activity.tokens, 'token')}</li>}
      </ul>
      {word === 'expired' && session.thread.at(-1)?.id === session.id && (
        <div className="session-waits">
          <p>Its agent fell silent. Who goes on with its work, its memory included, begins with:</p>
          <CommandLine command={`npx devgodzilla agent init SESSION:${session.key}`} />
        </div>
      )}
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

function clocksOf({ claims, lease_until, expires_at }: SessionWithMemory, now: number): string {
  const lease = Date.parse(lease_until)
  const held = lease <= now ? 'Claims lapsed at' : 'Claims kept until'
  const holds = claims.length === 0 ? 'Holds no task' : `${held} ${formatMinute(lease)}`
  return `${holds}, expires ${formatMoment(expires_at)} unless heard of by then`
}
