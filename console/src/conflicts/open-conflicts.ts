import { queryOptions, useQueryClient } from '@tanstack/react-query'
import { getAll } from '../api/request.ts'
import type { Conflict } from '../api/types.ts'
import { useEvents } from '../live/use-events.ts'

export type ConflictState = 'open' | 'resolved' | 'all'

export const conflictsQuery = (projectId: number, state: ConflictState) =>
  queryOptions({
    queryKey: ['conflicts', 'of-project', projectId, state],
    queryFn: ({ signal }) =>
      getAll<Conflict>('/conflicts', { project_id: projectId, state }, signal),
  })

/** Keeps what is shown of a project's conflicts true. */
export function useLiveConflicts(projectId: number): void {
  const client = useQueryClient()
  const again = () =>
    void client.invalidateQueries({ queryKey: ['conflicts', 'of-project', projectId] })
  // Cards are renamed, moved and deleted, and conflicts tell of them.
  useEvents(
    { project_id: projectId, types: ['conflict', 'task.updated', 'task.deleted'] },
    { onEvents: again, onOpen: again },
  )
}
