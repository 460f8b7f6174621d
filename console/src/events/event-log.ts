import { type InfiniteData, infiniteQueryOptions } from '@tanstack/react-query'
import { get } from '../api/request.ts'
import type { Page, StoredEvent } from '../api/types.ts'
import type { Filters } from './filters.ts'

export type EventPage = Page<StoredEvent> & { archived_until: string | null }

const newestCount = 200
const olderCount = 1000

const asked = (projectId: number | undefined, filters: Filters) =>
  ({ ...filters, project_id: projectId, order: 'desc' }) as const

/** The newest page alone, to see whether a log that was not followed has a gap. */
export const newestPage = (projectId: number | undefined, filters: Filters) =>
  get<EventPage>('/events', { ...asked(projectId, filters), limit: newestCount })

/** The log backwards from its end, a page at a time; without a project that of all of them. */
export const eventLogQuery = (projectId: number | undefined, filters: Filters) =>
  infiniteQueryOptions({
    queryKey: ['events', 'log', projectId ?? 'all', filters],
    queryFn: ({ pageParam, signal }) =>
      get<EventPage>(
        '/events',
        {
          ...asked(projectId, filters),
          limit: pageParam === undefined ? newestCount : olderCount,
          cursor: pageParam,
        },
        signal,
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
    // What is new comes by the stream; a log that nobody looks at is not kept up.
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  })

type Log = InfiniteData<EventPage, unknown>

/** Every event of the log once, the newest first. */
export const eventsOf = (log: Log): StoredEvent[] => log.pages.flatMap((page) => page.items)

/** The log with what the stream brought on top of it: each event once, in stream order. */
export function withNew<L extends Log>(log: L, fresh: readonly StoredEvent[]): L {
  const [first, ...older] = log.pages
  if (first === undefined) return log
  const items = merged(first.items, fresh)
  return { ...log, pages: [{ ...first, items }, ...older] }
}

/** Two parts of a log as one, the newest first. */
export function merged(
  known: readonly StoredEvent[],
  fresh: readonly StoredEvent[],
): StoredEvent[] {
  const ids = new Set(known.map((event) => event.id))
  const added = fresh.filter((event) => !ids.has(event.id) && ids.add(event.id))
  return [...added, ...known].sort(newestFirst)
}

function newestFirst(one: StoredEvent, other: StoredEvent): number {
  const [a, b] = [transactionOf(one), transactionOf(other)]
  return a === b ? other.id - one.id : a < b ? 1 : -1
}

const transactionOf = ({ cursor }: StoredEvent) => BigInt(cursor.slice(0, cursor.indexOf('-')))
