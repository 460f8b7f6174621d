import type { QueryClient } from '@tanstack/react-query'
import { projectQuery, sprintQuery, sprintTasksQuery } from '../api/queries.ts'
import { get } from '../api/request.ts'
import type { Page, Sprint } from '../api/types.ts'
import { match } from '../routing/match.ts'
import { sessionQuery } from '../session/session.ts'

/**
 * Where the address is that of a board: reads what it shows together, rather than one after the
 * other as its parts come to be drawn. All of it after the session, which says where the stream of
 * events goes on, and whether anybody is there to read for. What fails is read again by the page,
 * which tells of it.
 */
export async function readAhead(client: QueryClient, address: string): Promise<void> {
  const [path = ''] = address.split('?', 1)
  const named = match('/projects/:slug/sprints/:code', path)
  if (named === null) return
  const { slug = '', code = '' } = named
  const session = await client.fetchQuery(sessionQuery).catch(() => null)
  if (!session?.who) return
  void client.prefetchQuery(projectQuery(slug))
  // A code is of one sprint in all projects.
  const found = await get<Page<Sprint>>('/sprints', { code }).catch(() => null)
  const sprint = found?.items[0]
  if (sprint === undefined) return
  client.setQueryData(sprintQuery(sprint.project_id, code).queryKey, sprint)
  void client.prefetchQuery(sprintTasksQuery(sprint.id))
}
