import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import { readTasks } from '../api/queries.ts'
import { get, getAll } from '../api/request.ts'
import type {
  Page,
  SessionActivity,
  SessionInList,
  SessionWithMemory,
  StoredEvent,
} from '../api/types.ts'

/** The API reads no more of them by id. */
const mostTasks = 200

/** The tasks that these are about; sprints are known from elsewhere. */
const tasksOf = (about: readonly { entity_type: string; entity_id: number }[]) => {
  const ids = new Set(about.flatMap((it) => (it.entity_type === 'task' ? it.entity_id : [])))
  return ids.size === 0 ? [] : readTasks([...ids].slice(0, mostTasks))
}

/** Sessions of a project, the newest first, with the tasks they work on. */
export const sessionsQuery = (projectId: number, narrowed: { state?: string; asking?: true }) =>
  infiniteQueryOptions({
    queryKey: ['sessions', 'of-project', projectId, narrowed],
    queryFn: async ({ signal, pageParam }) => {
      const page = await get<Page<SessionInList>>(
        '/sessions',
        { project_id: projectId, ...narrowed, order: 'desc', limit: 100, cursor: pageParam },
        signal,
      )
      return { ...page, tasks: await tasksOf(page.items) }
    },
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  })

const path = (key: string) => `/sessions/${encodeURIComponent(key)}`

/** A session with all that is kept of it, what it did, and the tasks it is about and holds. */
export const sessionQuery = (key: string) =>
  queryOptions({
    queryKey: ['sessions', 'one', key],
    queryFn: async ({ signal }) => {
      const [session, activity] = await Promise.all([
        get<SessionWithMemory>(path(key), undefined, signal),
        get<SessionActivity>(`${path(key)}/activity`, undefined, signal),
      ])
      const held = session.claims.map(({ task_id }) => ({
        entity_type: 'task',
        entity_id: task_id,
      }))
      return { session, activity, tasks: await tasksOf([session, ...held]) }
    },
  })

/** What happened in a session, the newest first, with the tasks it happened to. */
export const storyQuery = (key: string) =>
  infiniteQueryOptions({
    queryKey: ['sessions', 'story', key],
    queryFn: async ({ signal, pageParam }) => {
      const query = { session_key: key, order: 'desc', limit: 50, cursor: pageParam }
      const page = await get<Page<StoredEvent>>('/events', query, signal)
      return { ...page, tasks: await tasksOf(page.items) }
    },
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  })

export const agentsQuery = queryOptions({
  queryKey: ['agents'],
  queryFn: ({ signal }) => getAll<{ code: string; name: string }>('/agent/profiles', {}, signal),
})
