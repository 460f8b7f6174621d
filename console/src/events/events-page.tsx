import { useQuery, useQueryClient } from '@tanstack/react-query'
import { projectQuery } from '../api/queries.ts'
import type { Project, StoredEvent } from '../api/types.ts'
import { useEvents } from '../live/use-events.ts'
import { Link } from '../routing/link.tsx'
import { paths } from '../routing/paths.ts'
import { Crumbs } from '../ui/crumbs.tsx'
import { EmptyState, ErrorState, Skeleton } from '../ui/states.tsx'
import { useTitle } from '../ui/title.ts'
import { describe } from './describe.ts'
import { latestEventsQuery, mostEvents, withNew } from './latest-events.ts'
import './events-page.css'

export function EventsPage({ slug }: { slug: string }) {
  const { data: project, error, refetch } = useQuery(projectQuery(slug))
  useTitle('Events', project?.name ?? slug)
  return (
    <div className="page">
      {project ? (
        <EventLog project={project} />
      ) : (
        <>
          <h1>Events</h1>
          {error ? (
            <ErrorState error={error} retry={refetch}>
              <Link to={paths.projects()}>All projects</Link>
            </ErrorState>
          ) : (
            <Skeleton lines={8} label="Loading events" />
          )}
        </>
      )}
    </div>
  )
}

function EventLog({ project }: { project: Project }) {
  const client = useQueryClient()
  const { queryKey, ...query } = latestEventsQuery(project.id)
  const { data, error, refetch } = useQuery({ queryKey, ...query })
  useEvents(
    { project_id: project.id },
    {
      onOpen: () => void client.invalidateQueries({ queryKey }),
      onEvents: (events) => {
        client.setQueryData(queryKey, (known) => known && withNew(known, events))
      },
    },
  )
  return (
    <>
      <header className="page-head">
        <Crumbs
          places={[
            { label: 'Projects', to: paths.projects() },
            { label: project.name, to: paths.project(project.slug) },
            { label: 'Events' },
          ]}
        />
        <div className="page-line">
          <h1>Events</h1>
        </div>
        <p>The latest {mostEvents} things that happened, newest first.</p>
      </header>
      {!data && (error ? <ErrorState error={error} retry={refetch} /> : <Skeleton lines={8} />)}
      {data?.length === 0 && (
        <EmptyState title="Nothing has happened yet">
          <p>Every change to this project’s sprints, cards and runs is told here as it happens.</p>
        </EmptyState>
      )}
      {data && data.length > 0 && (
        <ol className="events" aria-label="Events, newest first">
          {data.toReversed().map((event) => (
            <EventLine key={event.id} event={event} />
          ))}
        </ol>
      )}
    </>
  )
}

const clock = new Intl.DateTimeFormat('en', {
  day: 'numeric',
  month: 'short',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hourCycle: 'h23',
})

function EventLine({ event }: { event: StoredEvent }) {
  return (
    <li>
      <time className="numbers" dateTime={event.emitted_at}>
        {clock.format(new Date(event.emitted_at))}
      </time>
      <code>{event.type}</code>
      <span className="event-what">
        <span className="event-entity">
          {event.entity_type} {event.entity_id}
        </span>{' '}
        {describe(event)}
      </span>
      <span className="event-who">{event.agent ?? event.actor}</span>
    </li>
  )
}
