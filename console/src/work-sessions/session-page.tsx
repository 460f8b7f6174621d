import { useQuery } from '@tanstack/react-query'
import { Problem } from '../api/problem.ts'
import { projectQuery, sprintsQuery } from '../api/queries.ts'
import type { Project, SessionActivity, SessionWithMemory, Task } from '../api/types.ts'
import { placesOf } from '../project/in-project.tsx'
import { Link } from '../routing/link.tsx'
import { paths } from '../routing/paths.ts'
import { useNow } from '../ui/now.ts'
import { PageHead } from '../ui/page-head.tsx'
import { ErrorState, Skeleton } from '../ui/states.tsx'
import { StatusWord } from '../ui/status-word.tsx'
import { useTitle } from '../ui/title.ts'
import { TaskBeside } from './beside.tsx'
import { sessionQuery } from './queries.ts'
import { SessionActions } from './session-actions.tsx'
import { SessionFacts } from './session-facts.tsx'
import { SessionMemory } from './session-memory.tsx'
import { SessionStory } from './session-story.tsx'
import { SessionTasks } from './session-tasks.tsx'
import { SessionThread } from './session-thread.tsx'
import { isOver, standingOf } from './standing.ts'
import { heartbeatMs, useLiveSession } from './use-live-sessions.ts'
import './session-page.css'

/** One session of an agent: what it did, what it remembers, and what can be done about it. */
export function SessionPage({ slug, sessionKey }: { slug: string; sessionKey: string }) {
  const project = useQuery(projectQuery(slug))
  const read = useQuery({ ...sessionQuery(sessionKey), refetchInterval: heartbeatMs })
  const foreign =
    project.data && read.data && read.data.session.project_id !== project.data.id
      ? new Problem(404, { detail: `There is no session ${sessionKey} in this project.` })
      : null
  const error = foreign ?? project.error ?? read.error
  if (project.data && read.data && !foreign) {
    return <SessionView project={project.data} {...read.data} />
  }
  const retry = () => [project.refetch(), read.refetch()]
  return <NoSession slug={slug} error={error} retry={retry} />
}

interface NoSessionProps {
  slug: string
  error: Error | null
  retry: () => unknown
}

/** Not there yet, or not at all. */
function NoSession({ slug, error, retry }: NoSessionProps) {
  useTitle('Session', slug)
  return (
    <div className="page">
      <h1>Session</h1>
      {error ? (
        <ErrorState error={error} retry={retry}>
          <Link to={paths.sessions(slug)}>All sessions</Link>
        </ErrorState>
      ) : (
        <Skeleton lines={8} label="Loading the session" />
      )}
    </div>
  )
}

interface SessionViewProps {
  project: Project
  session: SessionWithMemory
  activity: SessionActivity
  tasks: readonly Task[]
}

function SessionView({ project, session, activity, tasks }: SessionViewProps) {
  const now = useNow()
  const { data: sprints } = useQuery(sprintsQuery(project.id))
  const task = tasks.find(({ id }) => id === session.entity_id)
  const sprint = sprints?.find(({ id }) => id === session.entity_id)
  const subject = session.entity_type === 'task' ? task : sprint
  const title = subject ? `${session.agent} on ${subject.code}` : session.agent
  useTitle(title, project.name)
  useLiveSession({
    projectId: project.id,
    key: session.key,
    thread: session.thread.map(({ id }) => id),
    tasks: [
      ...(session.entity_type === 'task' ? [session.entity_id] : []),
      ...activity.tasks.map(({ task_id }) => task_id),
    ],
  })
  return (
    <div className="page session-page">
      <PageHead
        title={title}
        places={[
          ...placesOf(project),
          { label: 'Sessions', to: paths.sessions(project.slug) },
          { label: `${session.key.slice(0, 9)}…` },
        ]}
        mark={<StatusWord {...standingOf(session, now)} />}
        end={
          <SessionActions
            project={project}
            session={session}
            activity={activity}
            over={isOver(session, now)}
          />
        }
      >
        <SessionFacts
          project={project}
          session={session}
          activity={activity}
          task={task}
          now={now}
        />
      </PageHead>
      <div className="session-halves">
        <div>
          <SessionTasks session={session} activity={activity} tasks={tasks} />
          <SessionStory project={project} sessionKey={session.key} />
        </div>
        <div>
          <SessionMemory session={session} now={now} />
          <SessionThread project={project} session={session} now={now} />
        </div>
      </div>
      <TaskBeside project={project} />
    </div>
  )
}
