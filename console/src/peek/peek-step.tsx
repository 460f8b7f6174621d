import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { protocolsQuery, stepsQuery } from '../api/queries.ts'
import type { StepRun, Task } from '../api/types.ts'
import { count, dollars } from '../format/words.ts'
import { Link } from '../routing/link.tsx'
import { paths } from '../routing/paths.ts'
import { StatusWord } from '../ui/status-word.tsx'
import { LazyPart } from './lazy-part.tsx'

/** The step that a card stands for: what it is at, what it has cost, what it says. */
export function PeekStep({ task, slug }: { task: Task; slug: string }) {
  const runId = task.protocol_run_id
  const isOfStep = runId !== null && task.step_run_id !== null
  const { data: steps } = useQuery({ ...stepsQuery(runId ?? 0), enabled: isOfStep })
  const { data: runs } = useQuery({ ...protocolsQuery(task.project_id), enabled: isOfStep })
  const step = steps?.find(({ id }) => id === task.step_run_id)
  if (!step) return null
  const run = runs?.find(({ id }) => id === runId)
  return (
    <section aria-labelledby="peek-step">
      <h3 id="peek-step">Step</h3>
      <p>
        <Link to={paths.step(slug, step.protocol_run_id, step.id)}>
          {run && `${run.protocol_name}, `}step {step.step_index + 1}, {step.step_name}
        </Link>
      </p>
      <p className="peek-step-facts">
        <StatusWord status={step.status} />
        {step.attempt > 1 && `, attempt ${step.attempt}`}
        {step.agent && `, by ${step.agent}`}
        {step.tokens !== null && `, ${count(step.tokens, 'token')}`}
        {step.cost_usd !== null && `, ${dollars(step.cost_usd)}`}
      </p>
      {step.status_reason && step.status_reason !== task.blocked_reason && (
        <p className="peek-reason">{step.status_reason}</p>
      )}
      {step.started_at !== null && <PeekLog step={step} />}
    </section>
  )
}

const log = () => import('../log/step-log.tsx').then((it) => it.StepLog)

/** The log in place. */
function PeekLog({ step }: { step: StepRun }) {
  const [isOpen, setOpen] = useState(false)
  return (
    <details className="peek-more" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>Log</summary>
      {isOpen && <LazyPart name="log" load={log} props={{ step }} />}
    </details>
  )
}
