import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useActions } from '../actions/actions.ts'
import { formatMoment } from '../format/dates.ts'
import { spent } from '../format/durations.ts'
import { count } from '../format/words.ts'
import { Link } from '../routing/link.tsx'
import { useLocation } from '../routing/location.ts'
import { paths } from '../routing/paths.ts'
import { useMay } from '../session/session.ts'
import { Choice, Filters } from '../ui/filters.tsx'
import { useNow } from '../ui/now.ts'
import { Older } from '../ui/older.tsx'
import { PageHead } from '../ui/page-head.tsx'
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
  const read = useInfiniteQuery(flowRunsQuery({ ...(state && { state }), ...(path && { path }) }))
  const { data, error, refetch, hasNextPage } = read
  const runs = data?.runs
  const now = useNow(runs?.some(isOpen) ? 1000 : 30_000)
  const ask = () => setAsking(true)
  useActions(
    mayPlan
      ? [{ id: 'flows.run', title: 'Run a flow', group: 'Flow runs', keys: ['C'], run: ask }]
      : [],
  )
  return (
    <div className="page">
      <PageHead
        title="Flow runs"
        end={
          mayPlan && (
            <button type="button" className="button button-main" onClick={ask}>
              Run a flow
            </button>
          )
        }
      >
        <p>Jobs of Windmill, or of the local engine, that read and write repositories for us.</p>
      </PageHead>
      <Filters
        label="Filter flow runs"
        found={runs && `${count(runs.length, 'run')}${hasNextPage ? ', the newest' : ''}`}
      >
        <Choice
          label="Flow"
          name="path"
          options={[
            ['', 'All'],
            ...flows.map((flow) => [flow.path, nameOfFlow(flow.path)] as const),
          ]}
        />
        <Choice
          label="State"
          name="state"
          options={[['', 'All'], ...states.map((state) => [state, state] as const)]}
        />
      </Filters>
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
      <Older what="runs" read={read} />
      {asking && <RunFlowDialog onClose={() => setAsking(false)} />}
    </div>
  )
}
