import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import { get } from '../api/request.ts'
import type { FlowDescription, FlowRun, FlowRunDetail, Page } from '../api/types.ts'

/** Jobs are Windmill's, which tells us of nothing: what is open is looked at again (ms). */
const every = 2000
const hasEnded = (state: FlowRun['state']) => ['completed', 'failed', 'cancelled'].includes(state)
export const isOpen = (run: FlowRun) => !hasEnded(run.state)

/** The newest first, more when they are asked for. */
export const flowRunsQuery = (filter: { path?: string; state?: string }) =>
  infiniteQueryOptions({
    queryKey: ['flow-runs', 'list', filter],
    queryFn: ({ signal, pageParam }) =>
      get<Page<FlowRun>>('/flow-runs', { ...filter, limit: 100, cursor: pageParam }, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
    // What is open is answered first, whatever the page: each run is shown once.
    select: ({ pages }) => {
      const byJob = new Map(pages.flatMap(({ items }) => items).map((run) => [run.job_id, run]))
      return { pages, runs: [...byJob.values()] }
    },
    refetchInterval: ({ state }) =>
      state.data?.pages.some(({ items }) => items.some(isOpen)) ? every : 10 * every,
  })

export const flowRunQuery = (jobId: string) =>
  queryOptions({
    queryKey: ['flow-runs', jobId],
    queryFn: ({ signal }) => get<FlowRunDetail>(`/flow-runs/${jobId}`, undefined, signal),
    refetchInterval: ({ state }) => (state.data && !isOpen(state.data) ? false : every),
  })

export const flowsQuery = queryOptions({
  queryKey: ['flows'],
  queryFn: async ({ signal }) =>
    (await get<{ items: FlowDescription[] }>('/flows', undefined, signal)).items,
})

/** “complete sprint” of `f/devgodzilla/complete_sprint`. */
export const nameOfFlow = (path: string) =>
  (path.split('/').at(-1) ?? path).replaceAll('_', ' ') || 'part of a flow'
