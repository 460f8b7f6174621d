import { queryOptions, useQuery, useQueryClient } from '@tanstack/react-query'
import { sprintsQuery } from '../api/queries.ts'
import { get } from '../api/request.ts'
import type { Page } from '../api/types.ts'
import { useEvents } from '../live/use-events.ts'

/** Counted so far; beyond it the badge says “99+”. */
const most = 99

const countOf = (page: Page<unknown>) => page.items.length

const conflictCountQuery = (projectId: number) =>
  queryOptions({
    queryKey: ['conflicts', 'count', projectId],
    queryFn: async ({ signal }) =>
      countOf(
        await get<Page<unknown>>('/conflicts', { project_id: projectId, limit: most + 1 }, signal),
      ),
  })

const parkedCountQuery = queryOptions({
  queryKey: ['deliveries', 'parked', 'count'],
  queryFn: async ({ signal }) =>
    countOf(await get<Page<unknown>>('/deliveries', { state: 'parked', limit: most + 1 }, signal)),
})

export interface Counts {
  conflicts: number
  parked: number
}

/** What waits for a person, and the lists the shell shows, kept true. */
export function useCounts(projectId: number | undefined): Counts {
  const client = useQueryClient()
  const conflicts = useQuery({
    ...conflictCountQuery(projectId ?? 0),
    enabled: projectId !== undefined,
  })
  const parked = useQuery(parkedCountQuery)
  const again = (queryKey: readonly unknown[]) => void client.invalidateQueries({ queryKey })
  useEvents(
    { types: ['conflict', 'delivery', 'project', 'sprint'] },
    {
      onOpen: () => {
        again(['conflicts', 'count'])
        again(parkedCountQuery.queryKey)
      },
      onEvents: (events) => {
        const happened = new Set(events.map(({ type }) => type.split('.')[0]))
        if (happened.has('conflict')) again(['conflicts', 'count'])
        if (happened.has('delivery')) again(parkedCountQuery.queryKey)
        if (happened.has('project')) again(['projects'])
        if (happened.has('sprint') && projectId !== undefined)
          again(sprintsQuery(projectId).queryKey)
      },
    },
  )
  return { conflicts: conflicts.data ?? 0, parked: parked.data ?? 0 }
}

export const shownCount = (count: number): string => (count > most ? `${most}+` : String(count))
