import { useEffect, useRef } from 'react'
import type { Project, ProtocolRun, Sprint, StepRun, Task } from '../api/types.ts'
import { formatDay } from '../format/dates.ts'
import { count, dollars, spoken } from '../format/words.ts'
import { EmptyState } from '../ui/states.tsx'
import { StatusWord } from '../ui/status-word.tsx'
import { checklistOf } from './checklist.ts'
import { columnNames } from './columns.ts'
import { PeekArtifacts } from './peek-artifacts.tsx'
import { PeekDependencies } from './peek-dependencies.tsx'
import { shortId } from './short-id.ts'
import './task-peek.css'

interface TaskPeekProps {
  code: string
  project: Project
  sprint: Sprint
  tasks: readonly Task[]
  steps: ReadonlyMap<number, StepRun>
  runs: readonly ProtocolRun[]
  onClose: () => void
}

/** A card in full beside the board, live like the board itself. */
export function TaskPeek(props: TaskPeekProps) {
  const { code, tasks, onClose } = props
  const task = tasks.find((it) => it.code === code)
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => {
    heading.current?.focus({ preventScroll: true })
    // The peek takes room from the board: its card stays in sight.
    cardLink(code)?.closest('li')?.scrollIntoView({ block: 'nearest', inline: 'nearest' })
  }, [code])
  useEffect(() => {
    const leave = (event: KeyboardEvent) => {
      // An open menu takes this Escape for itself.
      if (event.key !== 'Escape' || document.querySelector(':popover-open')) return
      onClose()
      focusCard(code)
    }
    document.addEventListener('keydown', leave)
    return () => document.removeEventListener('keydown', leave)
  }, [code, onClose])
  const close = () => {
    onClose()
    focusCard(code)
  }
  return (
    <aside className="peek" aria-labelledby="peek-title">
      <div className="peek-top">
        <p className="id">
          {task ? shortId(task) : code}
          {task && shortId(task) !== task.code && <span> {task.code}</span>}
        </p>
        <button type="button" className="button button-quiet" onClick={close}>
          <span className="hidden">Close</span>
          <svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
            <path d="M4 4l8 8M12 4l-8 8" stroke="currentColor" strokeWidth="1.6" />
          </svg>
        </button>
      </div>
      <h2 id="peek-title" ref={heading} tabIndex={-1}>
        {task?.title ?? 'Not on this board'}
      </h2>
      {task ? (
        <TaskDetails {...props} task={task} />
      ) : (
        <EmptyState title={`${code} is not a card of this sprint`}>
          <p>It may have been archived or moved to another sprint.</p>
        </EmptyState>
      )}
    </aside>
  )
}

const cardLink = (code: string) =>
  document.querySelector<HTMLElement>(`[data-code="${CSS.escape(code)}"]`)

const focusCard = (code: string) => cardLink(code)?.focus({ preventScroll: true })

function TaskDetails({
  task,
  steps,
  runs,
  project,
  sprint,
  tasks,
}: TaskPeekProps & { task: Task }) {
  const checklist = checklistOf(task.acceptance_criteria)
  return (
    <>
      <Facts task={task} steps={steps} runs={runs} />
      {task.board_status === 'blocked' && (
        <p className="card-blocked">{task.blocked_reason || 'Blocked, no reason given'}</p>
      )}
      {task.description !== '' && (
        <section aria-labelledby="peek-description">
          <h3 id="peek-description">Description</h3>
          <p className="peek-text">{task.description}</p>
        </section>
      )}
      {checklist.length > 0 && (
        <section aria-labelledby="peek-checklist">
          <h3 id="peek-checklist">Checklist</h3>
          <ul className="peek-checklist">
            {checklist.map(({ text, done }) => (
              <li key={text}>
                <StatusWord status={done ? 'done' : 'todo'} word="" />
                <span>
                  <span className="hidden">{done ? 'Done: ' : 'To do: '}</span>
                  {text}
                </span>
              </li>
            ))}
          </ul>
        </section>
      )}
      <PeekDependencies task={task} tasks={tasks} slug={project.slug} sprintCode={sprint.code} />
      <PeekArtifacts taskId={task.id} />
    </>
  )
}

function Facts({ task, steps, runs }: Pick<TaskPeekProps, 'steps' | 'runs'> & { task: Task }) {
  const step = task.step_run_id === null ? undefined : steps.get(task.step_run_id)
  const run = runs.find((it) => it.id === task.protocol_run_id)
  return (
    <dl className="peek-facts">
      <dt>Column</dt>
      <dd>
        <StatusWord status={task.board_status} word={columnNames[task.board_status]} />
        {task.skipped && ', skipped: its points do not count'}
      </dd>
      <dt>Priority</dt>
      <dd>
        {task.priority}
        {task.hand_set.includes('priority') && ', set by hand'}
      </dd>
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
      {step && (
        <>
          <dt>Step</dt>
          <dd>
            {run && `${run.protocol_name}, `}step {step.step_index + 1}, {step.step_name}
            <br />
            <StatusWord status={step.status} />
            {step.attempt > 1 && `, attempt ${step.attempt}`}
            {step.agent && `, by ${step.agent}`}
            {step.tokens !== null && `, ${count(step.tokens, 'token')}`}
            {step.cost_usd !== null && `, ${dollars(step.cost_usd)}`}
            {step.status_reason && step.status_reason !== task.blocked_reason && (
              <span className="peek-reason">{step.status_reason}</span>
            )}
          </dd>
        </>
      )}
      <dt>Type</dt>
      <dd>{spoken(task.type)}</dd>
    </dl>
  )
}
