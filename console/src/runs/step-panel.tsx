import { useQuery } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import { useActions } from '../actions/actions.ts'
import type { ProtocolRun, StepRun } from '../api/types.ts'
import { formatMoment } from '../format/dates.ts'
import { spent } from '../format/durations.ts'
import { compact, dollars } from '../format/words.ts'
import { StepLog } from '../log/step-log.tsx'
import { Link } from '../routing/link.tsx'
import { paths } from '../routing/paths.ts'
import { describe } from '../scrum/describe-event.ts'
import { CloseIcon } from '../ui/close-icon.tsx'
import { Produced } from '../ui/produced.tsx'
import { ErrorState, Skeleton } from '../ui/states.tsx'
import { StatusWord } from '../ui/status-word.tsx'
import { stepArtifactsQuery, stepEventsQuery } from './run-queries.ts'
import { verbsOfStep } from './run-verbs.ts'
import { endOf } from './step-table.tsx'
import { VerbButtons } from './verb-buttons.tsx'

interface StepPanelProps {
  run: ProtocolRun
  step: StepRun
  now: number
  onClose: () => void
}

/** One step: what can be done with it, what it said, what it made, what happened to it. */
export function StepPanel({ run, step, now, onClose }: StepPanelProps) {
  useActions([
    { id: 'step.close', title: 'Close the step', group: 'Step', keys: ['Escape'], run: onClose },
  ])
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => {
    heading.current?.focus({ preventScroll: true })
    heading.current?.scrollIntoView({ block: 'nearest' })
  }, [])
  return (
    <aside className="step-panel" aria-labelledby="step-title">
      <header>
        <h2 id="step-title" ref={heading} tabIndex={-1}>
          {step.step_name}
        </h2>
        <button type="button" className="button button-quiet" onClick={onClose}>
          <span className="hidden">Close the step</span>
          <CloseIcon />
        </button>
      </header>
      <p className="step-facts">
        <StatusWord status={step.status} />
        <span>attempt {step.attempt}</span>
        {step.agent && <span>{step.agent}</span>}
        <span className="numbers">{spent(step.started_at, endOf(step), now)}</span>
        {step.tokens !== null && <span>{compact(step.tokens)} tokens</span>}
        {step.cost_usd !== null && <span>{dollars(step.cost_usd)}</span>}
        {step.flow_job_id && <Link to={paths.flowRun(step.flow_job_id)}>Flow job</Link>}
      </p>
      {step.status_reason && <p className="notice step-reason">{step.status_reason}</p>}
      <VerbButtons
        what={`step “${step.step_name}”`}
        group="Step"
        path={`/steps/${step.id}`}
        verbs={run.status === 'cancelled' ? [] : verbsOfStep(step)}
      />
      <StepLog step={step} />
      <Artifacts stepId={step.id} />
      <Events stepId={step.id} />
    </aside>
  )
}

function Artifacts({ stepId }: { stepId: number }) {
  const { data, error, refetch } = useQuery(stepArtifactsQuery(stepId))
  return (
    <section aria-labelledby="step-made">
      <h3 id="step-made">Produced</h3>
      {!data && (error ? <ErrorState error={error} retry={refetch} /> : <Skeleton lines={2} />)}
      {data?.length === 0 && <p className="step-none">Nothing yet.</p>}
      {data && <Produced artifacts={data} />}
    </section>
  )
}

function Events({ stepId }: { stepId: number }) {
  const { data, error, refetch } = useQuery(stepEventsQuery(stepId))
  return (
    <section aria-labelledby="step-events">
      <h3 id="step-events">Events</h3>
      {!data && (error ? <ErrorState error={error} retry={refetch} /> : <Skeleton lines={2} />)}
      <ol className="step-events">
        {data?.map((event) => (
          <li key={event.id}>
            <time dateTime={event.emitted_at}>{formatMoment(event.emitted_at)}</time>{' '}
            {describe(event)}
            {' · '}
            <span className="records-fine">{event.agent ?? event.actor}</span>
          </li>
        ))}
      </ol>
    </section>
  )
}
