import { useInfiniteQuery } from '@tanstack/react-query'
import type { Project, StoredEvent, Task } from '../api/types.ts'
import { formatMoment } from '../format/dates.ts'
import { describe } from '../scrum/describe-event.ts'
import { Older } from '../ui/older.tsx'
import { ErrorState, Skeleton } from '../ui/states.tsx'
import { storyQuery } from './queries.ts'
import { SprintLink, TaskLink } from './subject.tsx'

/** What happened in a session, the newest first. */
export function SessionStory({ project, sessionKey }: { project: Project; sessionKey: string }) {
  const query = useInfiniteQuery(storyQuery(sessionKey))
  const { data, error, refetch } = query
  const tasks = data?.pages.flatMap((page) => page.tasks) ?? []
  return (
    <section className="section" aria-labelledby="story">
      <h2 id="story">What happened</h2>
      {!data && (error ? <ErrorState error={error} retry={refetch} /> : <Skeleton lines={6} />)}
      {data && data.pages[0]?.items.length === 0 && (
        <p className="session-none">Nothing has been done in it yet.</p>
      )}
      {data && data.pages[0]?.items.length !== 0 && (
        <ol className="session-story" aria-label="Events of the session, newest first">
          {data.pages
            .flatMap((page) => page.items)
            .map((event) => (
              <li key={event.id}>
                <time className="numbers" dateTime={event.emitted_at}>
                  {formatMoment(event.emitted_at)}
                </time>
                <span>
                  <About project={project} event={event} tasks={tasks} />
                  {describe(event)}
                </span>
              </li>
            ))}
        </ol>
      )}
      <Older what="events" read={query} small />
    </section>
  )
}

interface AboutProps {
  project: Project
  event: StoredEvent
  tasks: readonly Task[]
}

/** The task or the sprint that an event is about, where it is still there. */
function About({ project, event: { entity_type, entity_id }, tasks }: AboutProps) {
  if (entity_type === 'sprint') {
    return (
      <>
        <SprintLink project={project} id={entity_id} />{' '}
      </>
    )
  }
  const task = entity_type === 'task' && tasks.find(({ id }) => id === entity_id)
  if (!task) return null
  return (
    <>
      <TaskLink code={task.code} />{' '}
    </>
  )
}
