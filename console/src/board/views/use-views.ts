import { useQuery, useQueryClient } from '@tanstack/react-query'
import { viewsQuery } from '../../api/queries.ts'
import { request } from '../../api/request.ts'
import type { SavedView } from '../../api/types.ts'
import { useEvents } from '../../live/use-events.ts'
import { changeQuery, useLocation } from '../../routing/location.ts'
import { sessionQuery, useMay } from '../../session/session.ts'
import { kept, opened, sameView, viewParameter } from './view-query.ts'

export interface Views {
  all: readonly SavedView[]
  /** The one that the address has come from. */
  current: SavedView | undefined
  /** The address names a view that is not there. */
  isGone: boolean
  /** The address shows something else than the view by now. */
  isChanged: boolean
  /** What the address shows, as a view keeps it. */
  query: string
  mayEdit: boolean
}

const none: readonly SavedView[] = []

/** The saved views of a project, kept up with what others save. */
export function useViews(projectId: number): Views {
  const client = useQueryClient()
  const wanted = viewsQuery(projectId)
  const { data } = useQuery(wanted)
  const again = () => void client.invalidateQueries({ queryKey: wanted.queryKey })
  useEvents({ project_id: projectId, types: ['view'] }, { onEvents: again, onOpen: again })

  const { query } = useLocation()
  const me = useQuery(sessionQuery).data?.who?.name
  const mayWork = useMay('work')
  const isAdmin = useMay('admin')
  const named = query.get(viewParameter)
  const current = data?.find((it) => String(it.id) === named)
  const shown = kept(query)
  return {
    all: data ?? none,
    current,
    isGone: data !== undefined && named !== null && current === undefined,
    isChanged: current !== undefined && !sameView(current.query, shown),
    query: shown,
    mayEdit: mayWork && current !== undefined && (isAdmin || current.created_by === me),
  }
}

export const openView = (view: SavedView) => changeQuery((query) => opened(query, view))

export const saveView = (id: number, changes: { name?: string; query?: string }) =>
  request<SavedView>('PATCH', `/views/${id}`, { body: changes })
