import { useQueryClient } from '@tanstack/react-query'
import { projectsQuery } from '../api/queries.ts'
import { refreshAfter } from '../live/refresh.ts'
import { useEvents } from '../live/use-events.ts'

/** Keeps lists of projects and sprints true, whatever project something happens in. */
export function useLiveSprints(): void {
  const client = useQueryClient()
  const again = (queryKey: readonly unknown[]) => void client.invalidateQueries({ queryKey })
  useEvents(
    {},
    {
      onOpen: () => {
        again(projectsQuery.queryKey)
        again(['sprints'])
      },
      onEvents: (events) => {
        const { projects, sprint, velocity } = refreshAfter(events)
        if (projects) again(projectsQuery.queryKey)
        if (sprint) again(['sprints', 'list'])
        // Of those alone in which something happened, however many are shown.
        const moved = new Set(velocity ? events.flatMap((event) => event.sprint_id ?? []) : [])
        for (const id of moved) again(['sprints', id, 'velocity'])
      },
    },
  )
}
