import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useActions } from '../actions/actions.ts'
import { formatMoment } from '../format/dates.ts'
import { spent } from '../format/durations.ts'
import { count } from '../format/words.ts'
import { Link } from '../routing/link.tsx'
import { navigate, useLocation } from '../routing/location.ts'
import { paths } from '../routing/paths.ts'
import { useMay } from '../session/session.ts'
import { useNow } from '../ui/now.ts'
import { EmptyState, ErrorState, Skeleton } from '../ui/states.tsx'
import { useTitle } from '../ui/title.ts'
import { flowRunsQuery, flowsQuery, isOpen, nameOfFlow } from './flow-queries.ts'
import { FlowState } from './flow-state.tsx'
import { RunFlowDialog } from './run-flow-dialog.tsx'
import '../ui/records.css'

const states = ['queued', 'running', 'waiting', 'completed', 'failed', 'cancelled']

/** What Windmill has run of our flows, the newest first. */
export function FlowRunsPage() {
  useTitle('Flow runs')
  const { query } = useLocation()
  const mayPlan = useMay('plan')
  const [asking, setAsking] = useState(false)
  const state = query.get('state') ?? ''
  const path = query.get('path') ?? ''
  const flows = useQuery(flowsQuery).data ?? []
  const {
    data: runs,
    error,
    refetch,
    hasNextPage,
    fetchNextPage,
    isFetchingNextPage,
    isFetchNextPageError,
  } = useInfiniteQuery(flowRunsQuery({ ...(state && { state }), ...(path && { path }) }))
  const now = useNow(runs?.some(isOpen) ? 1000 : 30_000)
  const set = (name: string, value: string) => {
    const next = new URLSearchParams(query)
    if (value) next.set(name, value)
    else next.delete(name)
    navigate(`${paths.flowRuns()}${next.size > 0 ? `?${next}` : ''}`, { replace: true })
  }
  const ask = () => setAsking(true)
  useActions(
    mayPlan
      ? [{ id: 'flows.run', title: 'Run a flow', group: 'Flow runs', keys: ['C'], run: ask }]
      : [],
  )
  return (
    <div className="page">
      <header className="page-head">
        <div className="page-line">
          <h1>Flow runs</h1>
          <div className="page-end">
            {mayPlan && (
              <button type="button" className="button button-main" onClick={ask}>
                Run a flow
              </button>
            )}
          </div>
        </div>
        <p>Jobs of Windmill, or of the local engine, that read and write repositories for us.</p>
      </header>
      <search className="filters" aria-label="Filter flow runs">
        <label>
          Flow
          <select value={path} onChange={(event) => set('path', event.target.value)}>
            <option value="">All</option>
            {flows.map((flow) => (
              <option key={flow.path} value={flow.path}>
                {nameOfFlow(flow.path)}
              </option>
            ))}
          </select>
        </label>
        <label>
          State
          <select value={state} onChange={(event) => set('state', event.target.value)}>
            <option value="">All</option>
            {states.map((it) => (
              <option key={it} value={it}>
                {it}
              </option>
            ))}
          </select>
        </label>
        {runs && (
          <p role="status">
            {count(runs.length, 'run')}
            {hasNextPage && ', the newest'}
          </p>
        )}
      </search>
      {error && !runs && <ErrorState error={error} retry={refetch} />}
      {!runs && !error && <Skeleton lines={8} label="Loading flow runs" />}
      {runs?.length === 0 && !hasNextPage && (
        <EmptyState title={state || path ? 'No run fits' : 'No flow has run yet'}>
          <p>Importing a tasks.md or executing a protocol run starts one; so can you.</p>
        </EmptyState>
      )}
      {runs && runs.length > 0 && (
        <table className="records" aria-label="Flow runs, newest first">
          <thead>
            <tr>
              <th scope="col">Flow</th>
              <th scope="col">State</th>
              <th scope="col">By</th>
              <th scope="col">Asked for</th>
              <th scope="col" className="num">
                Took
              </th>
            </tr>
          </thead>
          <tbody>
            {runs.map((run) => (
              <tr key={run.job_id}>
                <td className="records-main">
                  <Link to={paths.flowRun(run.job_id)}>{nameOfFlow(run.path)}</Link>
                  <p className="records-fine id">{run.job_id.slice(0, 8)}</p>
                </td>
                <td data-label="State">
                  <FlowState state={run.state} />
                </td>
                <td data-label="By">{run.schedule ? 'schedule' : run.created_by}</td>
                <td data-label="Asked for" className="numbers">
                  {formatMoment(run.created_at)}
                </td>
                <td className="num" data-label="Took">
                  {spent(run.started_at, run.completed_at, now)}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {isFetchNextPageError && <ErrorState error={error} retry={fetchNextPage} />}
      {hasNextPage && !isFetchNextPageError && (
        <p>
          <button type="button" className="button" onClick={() => void fetchNextPage()}>
            {isFetchingNextPage ? 'Loading…' : 'Load older runs'}
          </button>
        </p>
      )}
      {asking && <RunFlowDialog onClose={() => setAsking(false)} />}
    </div>
  )
}
