import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { request } from '../api/request.ts'
import type { FlowRunDetail } from '../api/types.ts'
import { Ask } from '../form/ask.tsx'
import { formatMoment } from '../format/dates.ts'
import { spent } from '../format/durations.ts'
import { Link } from '../routing/link.tsx'
import { navigate } from '../routing/location.ts'
import { paths } from '../routing/paths.ts'
import { useMay } from '../session/session.ts'
import { useNow } from '../ui/now.ts'
import { PageHead } from '../ui/page-head.tsx'
import { ErrorState, Skeleton } from '../ui/states.tsx'
import { useTitle } from '../ui/title.ts'
import { toast } from '../ui/toasts.tsx'
import { Approval } from './approval.tsx'
import { flowRunQuery, isOpen, nameOfFlow } from './flow-queries.ts'
import { FlowState } from './flow-state.tsx'
import { FlowSteps } from './flow-steps.tsx'
import { JsonTree } from './json-tree.tsx'
import '../ui/records.css'
import './flow-run.css'

export function FlowRunPage({ job }: { job: string }) {
  const { data, error, refetch } = useQuery(flowRunQuery(job))
  useTitle(data ? nameOfFlow(data.path) : 'Flow run')
  if (data) return <FlowRunView run={data} />
  return (
    <div className="page">
      <h1>Flow run</h1>
      {error ? (
        <ErrorState error={error} retry={refetch}>
          <Link to={paths.flowRuns()}>All flow runs</Link>
        </ErrorState>
      ) : (
        <Skeleton lines={8} label="Loading the flow run" />
      )}
    </div>
  )
}

function FlowRunView({ run }: { run: FlowRunDetail }) {
  const now = useNow(isOpen(run) ? 1000 : 30_000)
  return (
    <div className="page">
      <PageHead
        title={nameOfFlow(run.path)}
        places={[{ label: 'Flow runs', to: paths.flowRuns() }, { label: run.job_id.slice(0, 8) }]}
        mark={<FlowState state={run.state} />}
        end={<Actions run={run} />}
      >
        <ul className="flow-facts">
          <li>by {run.schedule ? `the schedule ${run.schedule}` : run.created_by}</li>
          <li className="numbers">asked for {formatMoment(run.created_at)}</li>
          {run.started_at && (
            <li className="numbers">took {spent(run.started_at, run.completed_at, now)}</li>
          )}
          {run.protocol_run && (
            <li>
              <Link to={paths.run(run.protocol_run.project_slug, run.protocol_run.id)}>
                Protocol run #{run.protocol_run.id}
              </Link>
            </li>
          )}
          {run.parent_job_id && (
            <li>
              <Link to={paths.flowRun(run.parent_job_id)}>The flow around it</Link>
            </li>
          )}
        </ul>
      </PageHead>
      {run.error && (
        <div className="notice notice-bad" role="status">
          <strong>
            {run.error.name}
            {run.error.step && ` in ${run.error.step}`}
          </strong>
          <p className="flow-error">{run.error.message}</p>
        </div>
      )}
      {run.state === 'cancelled' && (
        <p className="notice">
          Cancelled by {run.cancelled_by ?? 'somebody'}
          {run.cancel_reason && `: ${run.cancel_reason}`}
        </p>
      )}
      {run.approval && <Approval jobId={run.job_id} approval={run.approval} />}
      <section className="section" aria-labelledby="flow-steps">
        <h2 id="flow-steps">Steps</h2>
        {run.steps.length === 0 ? (
          <p>It has no steps of its own.</p>
        ) : (
          <FlowSteps steps={run.steps} />
        )}
      </section>
      {run.withheld ? (
        <p className="notice">
          What it was given and answered, and its logs, are for members and admins.
        </p>
      ) : (
        <div className="flow-halves">
          <section className="section" aria-labelledby="flow-args">
            <h2 id="flow-args">Given</h2>
            <JsonTree value={run.args} />
          </section>
          <section className="section" aria-labelledby="flow-result">
            <h2 id="flow-result">Answered</h2>
            {isOpen(run) ? <p>Not yet.</p> : <JsonTree value={run.result} />}
          </section>
        </div>
      )}
    </div>
  )
}

function Actions({ run }: { run: FlowRunDetail }) {
  const client = useQueryClient()
  const mayPlan = useMay('plan')
  const [cancelling, setCancelling] = useState(false)
  const again = useMutation({
    mutationFn: () =>
      request<{ job_id: string }>('POST', `/flow-runs/${run.job_id}/actions/retry`, { body: {} }),
    onSuccess: ({ job_id }) => navigate(paths.flowRun(job_id)),
    onError: (error) => toast({ tone: 'bad', title: 'Not started', detail: error.message }),
  })
  if (!mayPlan) return null
  const act = async (reason: string | undefined, idempotencyKey: string) => {
    const path = `/flow-runs/${run.job_id}/actions/cancel`
    await request('POST', path, { body: reason ? { reason } : {}, idempotencyKey })
    await client.invalidateQueries({ queryKey: flowRunQuery(run.job_id).queryKey })
  }
  return (
    <>
      {isOpen(run) && (
        <button type="button" className="button" onClick={() => setCancelling(true)}>
          Cancel the flow
        </button>
      )}
      {!isOpen(run) && run.kind === 'flow' && run.parent_job_id === null && (
        <button
          type="button"
          className="button"
          disabled={again.isPending}
          onClick={() => again.mutate()}
        >
          Run again
        </button>
      )}
      {cancelling && (
        <Ask
          title={`Cancel ${nameOfFlow(run.path)}`}
          submit="Cancel the flow"
          reason="optional"
          act={act}
          onClose={() => setCancelling(false)}
        >
          <p>Its processes are stopped where they are. What it has written stays.</p>
        </Ask>
      )}
    </>
  )
}
