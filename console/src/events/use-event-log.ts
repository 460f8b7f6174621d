import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useMemo, useState } from 'react'
import type { StoredEvent } from '../api/types.ts'
import { useEvents } from '../live/use-events.ts'
import { eventLogQuery, eventsOf, merged, newestPage, withNew } from './event-log.ts'
import { type Filters, fitsFilters } from './filters.ts'

/** Beyond this many that wait, the log is read again rather than added to. */
const mostWaiting = 2000

interface News {
  /** The filters they fit. */
  of: string
  events: StoredEvent[]
}

/**
 * A log that follows the stream. While it is held, what is new waits and is counted, so that
 * nothing moves under whoever reads; `showNew` takes it in.
 */
export function useEventLog(projectId: number | undefined, filters: Filters, held: boolean) {
  const client = useQueryClient()
  const query = eventLogQuery(projectId, filters)
  const log = useInfiniteQuery(query)
  const of = JSON.stringify(filters)
  const [news, setNews] = useState<News>({ of, events: [] })
  const waiting = news.of === of ? news.events : []
  const known = log.data !== undefined

  const add = (events: readonly StoredEvent[]) => {
    const fitting = events.filter((event) => fitsFilters(event, filters))
    if (fitting.length === 0) return
    setNews((before) => {
      const events = before.of === of ? before.events : []
      return { of, events: merged(events, fitting).slice(0, mostWaiting) }
    })
  }
  /** After a gap of which the stream tells nothing, the newest page closes it, or begins anew. */
  const closeGap = async () => {
    const newest = await newestPage(projectId, filters)
    const log = client.getQueryData(query.queryKey)
    if (log === undefined) return
    const shown = new Set(eventsOf(log).map((it) => it.id))
    if (newest.next_cursor === null || newest.items.some((it) => shown.has(it.id))) {
      add(newest.items.filter((it) => !shown.has(it.id)))
    } else {
      await client.resetQueries({ queryKey: query.queryKey })
    }
  }
  useEvents(
    { project_id: projectId },
    {
      onEvents: add,
      // The error of a server that is away is told by the sign; it is asked again when it is back.
      onOpen: () => void closeGap().catch(() => {}),
    },
  )

  const showNew = () => {
    if (waiting.length === 0) return
    const taken = new Set(waiting)
    // What has come since this was drawn goes on waiting.
    setNews((before) => ({ ...before, events: before.events.filter((it) => !taken.has(it)) }))
    if (waiting.length >= mostWaiting) void client.resetQueries({ queryKey: query.queryKey })
    else client.setQueryData(query.queryKey, (before) => before && withNew(before, waiting))
  }
  useEffect(() => {
    if (!held && known) showNew()
  })

  const events = useMemo(() => (log.data ? eventsOf(log.data) : undefined), [log.data])
  const shownIds = useMemo(
    () => new Set(events?.slice(0, mostWaiting).map((it) => it.id)),
    [events],
  )
  return {
    events,
    archivedUntil: log.data?.pages.at(-1)?.archived_until ?? null,
    error: log.error,
    refetch: log.refetch,
    older: log.hasNextPage ? () => void log.fetchNextPage() : null,
    loadingOlder: log.isFetchingNextPage,
    olderFailed: log.isFetchNextPageError,
    news: waiting.filter((it) => !shownIds.has(it.id)).length,
    showNew,
  }
}
