import { useQueryClient } from '@tanstack/react-query'
import type { StoredEvent } from '../api/types.ts'
import { useEvents } from '../live/use-events.ts'
import { useRested } from '../live/use-rested.ts'
import { sessionQuery, storyQuery } from './queries.ts'

/** A busy agent does many things in a second; what was read is left alone for so long (ms). */
const restMs = 500
/** Heartbeats are told by no event: they are asked for, while somebody is at work (ms). */
export const heartbeatMs = 30_000

/** Keeps the list of a project's sessions true. */
export function useLiveSessions(projectId: number): void {
  const client = useQueryClient()
  const again = useRested(
    () => client.invalidateQueries({ queryKey: ['sessions', 'of-project', projectId] }),
    restMs,
  )
  useEvents({ project_id: projectId, types: ['session'] }, { onOpen: again, onEvents: again })
}

interface Followed {
  projectId: number
  key: string
  /** The sessions that share its memory, and the tasks it has touched, by their ids. */
  thread: readonly number[]
  tasks: readonly number[]
}

/** Keeps a session's page true: what is done in it, and what becomes of its tasks. */
export function useLiveSession({ projectId, key, thread, tasks }: Followed): void {
  const client = useQueryClient()
  const again = useRested(
    () =>
      Promise.all(
        [sessionQuery(key), storyQuery(key)].map(({ queryKey }) =>
          client.invalidateQueries({ queryKey }),
        ),
      ),
    restMs,
  )
  const isAbout = ({ session_key, entity_type, entity_id, payload }: StoredEvent) =>
    session_key === key ||
    payload.session_key === key ||
    (entity_type === 'session' && thread.includes(entity_id)) ||
    (entity_type === 'task' && tasks.includes(entity_id))
  useEvents(
    { project_id: projectId },
    { onOpen: again, onEvents: (events) => events.some(isAbout) && again() },
  )
}
