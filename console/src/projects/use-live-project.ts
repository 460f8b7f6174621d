import { useQueryClient } from '@tanstack/react-query'
import { protocolsQuery, specsQuery, sprintsQuery } from '../api/queries.ts'
import { refreshAfter } from '../live/refresh.ts'
import { useEvents } from '../live/use-events.ts'

/** Keeps the lists of a project's page true while it is looked at. */
export function useLiveProject(projectId: number): void {
  const client = useQueryClient()
  const again = (queryKey: readonly unknown[]) => void client.invalidateQueries({ queryKey })
  useEvents(
    { project_id: projectId },
    {
      onOpen: () => {
        again(sprintsQuery(projectId).queryKey)
        again(specsQuery(projectId).queryKey)
        again(protocolsQuery(projectId).queryKey)
      },
      onEvents: (events) => {
        const refresh = refreshAfter(events)
        if (refresh.sprint) again(sprintsQuery(projectId).queryKey)
        if (refresh.specs) again(specsQuery(projectId).queryKey)
        if (refresh.protocols) again(protocolsQuery(projectId).queryKey)
        const moved = new Set(
          refresh.velocity ? events.flatMap((event) => event.sprint_id ?? []) : [],
        )
        for (const id of moved) again(['sprints', id, 'velocity'])
      },
    },
  )
}
