import { queryOptions } from '@tanstack/react-query'
import { get } from '../api/request.ts'
import type { Page, StoredEvent } from '../api/types.ts'

/** Kept on the page at once, the newest ones. */
export const mostEvents = 200

/** The end of a project's log. It is read from its beginning: that is the order the API gives. */
export const latestEventsQuery = (projectId: number) =>
  queryOptions({
    queryKey: ['events', projectId],
    queryFn: async ({ signal }) => {
      let latest: StoredEvent[] = []
      let cursor: string | undefined
      do {
        const page: Page<StoredEvent> = await get(
          '/events',
          { project_id: projectId, limit: 1000, cursor },
          signal,
        )
        latest = [...latest, ...page.items].slice(-mostEvents)
        cursor = page.next_cursor ?? undefined
      } while (cursor !== undefined)
      return latest
    },
  })

/** The log's end with what the stream brought: each event once, in stream order. */
export function withNew(
  known: readonly StoredEvent[],
  fresh: readonly StoredEvent[],
): StoredEvent[] {
  const seen = new Set(known.map((event) => event.id))
  return [...known, ...fresh.filter((event) => !seen.has(event.id))].slice(-mostEvents)
}
