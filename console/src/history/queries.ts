import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import { get } from '../api/request.ts'
import type { Page, RevisionDiff, RevisionInHistory } from '../api/types.ts'

/** What has revisions. */
export interface Revised {
  kind: 'task' | 'sprint'
  id: number
}

export const pathOf = ({ kind, id }: Revised) => `/${kind}s/${id}`

/** What it has been, the newest first; read again with everything else of it. */
export const historyQuery = (of: Revised) =>
  infiniteQueryOptions({
    queryKey: [`${of.kind}s`, of.id, 'history'],
    queryFn: ({ signal, pageParam }) =>
      get<Page<RevisionInHistory>>(
        `${pathOf(of)}/history`,
        { limit: 20, cursor: pageParam },
        signal,
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  })

/** From one revision to another; neither ever changes. */
export const diffQuery = (of: Revised, from: number, to: number) =>
  queryOptions({
    queryKey: ['revisions', of, from, to],
    queryFn: ({ signal }) => get<RevisionDiff>(`${pathOf(of)}/diff`, { from, to }, signal),
    staleTime: Number.POSITIVE_INFINITY,
  })
