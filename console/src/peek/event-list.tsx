import { useInfiniteQuery } from '@tanstack/react-query'
import { taskEventsQuery } from '../api/queries.ts'
import { timeAgo } from '../format/dates.ts'
import { describe } from '../scrum/describe-event.ts'
import { useNow } from '../ui/now.ts'
import { Older } from '../ui/older.tsx'
import { ErrorState, Skeleton } from '../ui/states.tsx'

/** What happened to a card, the newest first. */
export function EventList({ taskId }: { taskId: number }) {
  const now = useNow()
  const query = useInfiniteQuery(taskEventsQuery(taskId))
  const { data, error, refetch } = query
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
      <Older what="events" read={query} small />
    </>
  )
}
