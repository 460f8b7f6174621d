import { useInfiniteQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { taskEventsQuery } from '../api/queries.ts'
import { timeAgo } from '../format/dates.ts'
import { describe } from '../scrum/describe-event.ts'
import { useNow } from '../ui/now.ts'
import { ErrorState, Skeleton } from '../ui/states.tsx'

/** What happened to a card, the newest first; read once it is asked for. */
export function PeekEvents({ taskId }: { taskId: number }) {
  const [isOpen, setOpen] = useState(false)
  return (
    <details className="peek-more" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>
        <h3>Events</h3>
      </summary>
      {isOpen && <EventList taskId={taskId} />}
    </details>
  )
}

function EventList({ taskId }: { taskId: number }) {
  const now = useNow()
  const query = useInfiniteQuery(taskEventsQuery(taskId))
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = query
  if (!data) return error ? <ErrorState error={error} retry={refetch} /> : <Skeleton />
  return (
    <>
      <ul className="peek-events">
        {data.pages
          .flatMap((page) => page.items)
          .map((event) => (
            <li key={event.id}>
              <span>{describe(event)}</span>
              <span className="peek-fine">
                {event.actor},{' '}
                <time dateTime={event.emitted_at}>{timeAgo(event.emitted_at, now)}</time>
              </span>
            </li>
          ))}
      </ul>
      {hasNextPage && (
        <button
          type="button"
          className="button button-small"
          disabled={isFetchingNextPage}
          onClick={() => void fetchNextPage()}
        >
          Older events
        </button>
      )}
    </>
  )
}
