import type { ProtocolRun, StepRun, Task } from '../../api/types.ts'
import { formatDay } from '../../format/dates.ts'
import { count, dollars, spoken } from '../../format/words.ts'
import { Link } from '../../routing/link.tsx'
import { paths } from '../../routing/paths.ts'
import { StatusWord } from '../../ui/status-word.tsx'
import { columnNames } from '../columns.ts'

/** The properties of a card for who may not change them. */
export function PeekFacts({ task }: { task: Task }) {
  return (
    <>
      <dl className="peek-facts">
        <dt>Column</dt>
        <dd>
          <StatusWord status={task.board_status} word={columnNames[task.board_status]} />
          {task.skipped && ', skipped: its points do not count'}
        </dd>
        <dt>Priority</dt>
        <dd>{task.priority}</dd>
        <dt>Points</dt>
        <dd>{task.story_points ?? 'no estimate'}</dd>
        <dt>Assignee</dt>
        <dd>{task.assignee ?? 'nobody'}</dd>
        {task.labels.length > 0 && (
          <>
            <dt>Labels</dt>
            <dd>{task.labels.join(', ')}</dd>
          </>
        )}
        {task.due_date && (
          <>
            <dt>Due</dt>
            <dd>{formatDay(task.due_date)}</dd>
          </>
        )}
        <dt>Type</dt>
        <dd>{spoken(task.type)}</dd>
      </dl>
      {task.board_status === 'blocked' && (
        <p className="card-blocked">{task.blocked_reason || 'Blocked, no reason given'}</p>
      )}
    </>
  )
}

interface PeekStepProps {
  task: Task
  slug: string
  steps: ReadonlyMap<number, StepRun>
  runs: readonly ProtocolRun[]
}

/** The step that a card stands for: what it is at, and what it has cost. */
export function PeekStep({ task, slug, steps, runs }: PeekStepProps) {
  const step = task.step_run_id === null ? undefined : steps.get(task.step_run_id)
  if (!step) return null
  const run = runs.find((it) => it.id === step.protocol_run_id)
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
    </section>
  )
}
