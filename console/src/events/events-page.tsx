import { useQuery } from '@tanstack/react-query'
import { useMemo, useRef, useState } from 'react'
import { useActions } from '../actions/actions.ts'
import { get } from '../api/request.ts'
import { formatDay } from '../format/dates.ts'
import { count } from '../format/words.ts'
import { InProject } from '../project/in-project.tsx'
import { changeQuery, useLocation } from '../routing/location.ts'
import { PageHead } from '../ui/page-head.tsx'
import { EmptyState, ErrorState, Skeleton } from '../ui/states.tsx'
import { useTitle } from '../ui/title.ts'
import { EventLine } from './event-line.tsx'
import { EventList } from './event-list.tsx'
import type { EventPage } from './event-log.ts'
import { FilterBar } from './filter-bar.tsx'
import { filtersIn } from './filters.ts'
import { useEventLog } from './use-event-log.ts'
import { useReading } from './use-reading.ts'
import './events-page.css'

/** What happened in a project, or everywhere. */
export function EventsPage({ slug }: { slug?: string }) {
  if (slug === undefined) return <AllEvents />
  return (
    <InProject slug={slug} title="Events" intro="Everything that happened, the newest first.">
      {(project) => <EventLog projectId={project.id} />}
    </InProject>
  )
}

function AllEvents() {
  useTitle('Events')
  return (
    <div className="page">
      <PageHead title="Events">
        <p>Everything that happened in all projects, the newest first.</p>
      </PageHead>
      <EventLog projectId={undefined} />
    </div>
  )
}

function EventLog({ projectId }: { projectId: number | undefined }) {
  const whole = useRef<HTMLDivElement>(null)
  const { query } = useLocation()
  const address = String(query)
  const filters = useMemo(() => filtersIn(new URLSearchParams(address)), [address])
  const opened = Number(query.get('event')) || null
  const [paused, setPaused] = useState(false)
  const reading = useReading(whole)
  const log = useEventLog(projectId, filters, paused || reading || opened !== null)
  const { events } = log
  const pause = () => {
    if (paused) showNew()
    setPaused(!paused)
  }
  const showNew = () => {
    window.scrollTo(0, 0)
    // The list hears of it with the next frame; lines that come before would put it back where it was.
    requestAnimationFrame(log.showNew)
  }
  useActions([
    {
      id: 'events.pause',
      title: paused ? 'Go on following' : 'Pause following',
      group: 'Events',
      keys: ['P'],
      run: pause,
    },
    { id: 'events.new', title: 'Show what is new', group: 'Events', keys: ['N'], run: showNew },
  ])
  return (
    <div ref={whole} className="event-log">
      <FilterBar
        projectId={projectId}
        filters={filters}
        types={seen(events, 'type')}
        actors={seen(events, 'actor')}
      />
      <div className="event-tail">
        <button type="button" className="button button-small" onClick={pause}>
          {paused ? 'Resume' : 'Pause'}
        </button>
        {log.news > 0 && (
          <button type="button" className="button button-small button-main" onClick={showNew}>
            Show {count(log.news, 'new event')}
          </button>
        )}
        <p>
          {events && count(events.length, 'event')} {log.older && 'loaded'}
          {paused && ', paused'}
        </p>
      </div>
      {opened !== null && !events?.some((it) => it.id === opened) && events && (
        <LinkedEvent id={opened} />
      )}
      {!events && log.error && <ErrorState error={log.error} retry={log.refetch} />}
      {!events && !log.error && <Skeleton lines={10} label="Loading events" />}
      {events?.length === 0 && <NoEvents filtered={Object.keys(filters).length > 0} />}
      {events && events.length > 0 && <EventList events={events} opened={opened} />}
      {log.older && (
        <p className="event-end">
          <button type="button" className="button" disabled={log.loadingOlder} onClick={log.older}>
            {log.loadingOlder ? 'Loading…' : 'Load older events'}
          </button>
          {log.olderFailed && <span role="alert">They did not come; try again.</span>}
        </p>
      )}
      {events && !log.older && log.archivedUntil && (
        <p className="event-end">
          Events before {formatDay(log.archivedUntil)} lie in files, which{' '}
          <code>GET /events/archives</code> lists.
        </p>
      )}
    </div>
  )
}

const seen = (
  events: readonly { type: string; actor: string }[] | undefined,
  what: 'type' | 'actor',
) => [...new Set(events?.slice(0, 1000).map((it) => it[what]))].sort()

/** An event that a link names and that is not among those that are loaded. */
function LinkedEvent({ id }: { id: number }) {
  const { data, error, refetch } = useQuery({
    queryKey: ['events', 'one', id],
    queryFn: ({ signal }) => get<EventPage>('/events', { id }, signal),
  })
  const event = data?.items[0]
  return (
    <section className="event-linked" aria-label="The event of the link">
      {error && <ErrorState error={error} retry={refetch} />}
      {!data && !error && <Skeleton lines={2} />}
      {event && <EventLine event={event} open />}
      {data && !event && (
        <p className="notice">There is no event {id}; it may lie in a file of archived events.</p>
      )}
    </section>
  )
}

function NoEvents({ filtered }: { filtered: boolean }) {
  if (!filtered) {
    return (
      <EmptyState title="Nothing has happened yet">
        <p>Every change to sprints, cards and runs is told here as it happens.</p>
      </EmptyState>
    )
  }
  return (
    <EmptyState title="No event fits the filters">
      <button
        type="button"
        className="button"
        onClick={() => changeQuery(() => new URLSearchParams())}
      >
        Show all events
      </button>
    </EmptyState>
  )
}
