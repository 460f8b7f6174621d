import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { get } from '../api/request.ts'
import type { FlowStep } from '../api/types.ts'
import { spent } from '../format/durations.ts'
import { LogView } from '../log/log-view.tsx'
import { useLog } from '../log/use-log.ts'
import { useMay } from '../session/session.ts'
import { useNow } from '../ui/now.ts'
import { ErrorState, Skeleton } from '../ui/states.tsx'
import { flowRunQuery } from './flow-queries.ts'
import { FlowState } from './flow-state.tsx'

/** The steps of a flow in order; what lies inside one is read when it is opened. */
export function FlowSteps({ steps }: { steps: readonly FlowStep[] }) {
  return (
    <ol className="flow-steps">
      {steps.map((step) => (
        <li key={step.id}>
          <Step step={step} />
        </li>
      ))}
    </ol>
  )
}

const isAt = (state: FlowStep['state']) => state === 'running' || state === 'failed'

function Step({ step }: { step: FlowStep }) {
  const now = useNow(step.state === 'running' ? 1000 : 30_000)
  const mayRead = useMay('plan')
  const isLeaf = step.job_id !== null && !step.has_steps && step.parts.length === 0
  return (
    <>
      <p className="flow-step">
        <FlowState state={step.state} />
        <strong>{step.summary}</strong>
        <span className="records-fine">
          {step.path ?? step.kind}
          {step.attempts > 1 && ` · ${step.attempts} attempts`}
          {step.parts_total !== null && ` · ${step.parts.length} of ${step.parts_total} rounds`}
          {step.progress !== null && ` · ${step.progress} %`}
        </span>
        <span className="records-fine numbers">
          {spent(step.started_at, step.completed_at, now)}
        </span>
      </p>
      {isLeaf && mayRead && step.job_id && (
        <Opened label="Log" open={step.state === 'failed'}>
          <FlowLog name={step.summary} jobId={step.job_id} live={step.state === 'running'} />
        </Opened>
      )}
      {step.has_steps && step.job_id && (
        <Opened label="Steps inside" open={isAt(step.state)}>
          <Inside jobId={step.job_id} />
        </Opened>
      )}
      {step.parts.map((part, index) => (
        <Opened
          key={part.job_id}
          label={`${step.kind === 'branchone' || step.kind === 'branchall' ? 'Branch' : 'Round'} ${index + 1}${part.success === false ? ' (failed)' : ''}`}
          open={part.success === false || (step.state === 'running' && part.success === null)}
        >
          <Inside jobId={part.job_id} />
        </Opened>
      ))}
    </>
  )
}

/** What is inside is asked for once it is open. */
function Opened({
  label,
  open,
  children,
}: {
  label: string
  open: boolean
  children: React.ReactNode
}) {
  const [seen, setSeen] = useState(open)
  return (
    <details
      className="flow-inside"
      open={open || undefined}
      onToggle={(event) => event.currentTarget.open && setSeen(true)}
    >
      <summary>{label}</summary>
      {seen && children}
    </details>
  )
}

function Inside({ jobId }: { jobId: string }) {
  const { data, error, refetch } = useQuery(flowRunQuery(jobId))
  if (!data) return error ? <ErrorState error={error} retry={refetch} /> : <Skeleton lines={2} />
  return <FlowSteps steps={data.steps} />
}

function FlowLog({ name, jobId, live }: { name: string; jobId: string; live: boolean }) {
  const log = useLog(jobId, live, async (from, signal) => {
    const { text, next_offset } = await get<{ text: string; next_offset: number }>(
      `/flow-runs/${jobId}/logs`,
      { offset: from },
      signal,
    )
    const lines = text.replace(/\n$/, '').split('\n')
    return {
      lines: text === '' ? [] : lines.map((line) => ({ text: line })),
      next: next_offset,
      more: false,
    }
  })
  return <LogView label={`Log of ${name}`} log={log} live={live} />
}
