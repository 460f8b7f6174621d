import { type MouseEvent, memo, use } from 'react'
import type { StepRun, Task } from '../api/types.ts'
import { UnsentCardSign } from '../edits/unsent-sign.tsx'
import { compact, count, dollars, spoken } from '../format/words.ts'
import { PriorityMark } from '../scrum/priority-mark.tsx'
import { SelectionContext, useSelected } from '../scrum/selection.ts'
import { shortId } from '../scrum/short-id.ts'
import { StatusMark } from '../ui/status-mark.tsx'
import { useIsActive } from './active-card.ts'
import './card.css'

interface CardProps {
  task: Task
  step: StepRun | undefined
  peeked: boolean
  onOpen: (code: string) => void
  onMove: ((task: Task, anchor: HTMLElement) => void) | undefined
}

/** Only what can be too long is cut off: a thousand clips take longer to draw than their cards. */
const shortTitle = 60
const longId = (id: string) => id.length > 8

/** Most labels shown before “+2”. */
const mostLabels = 3

export const Card = memo(function Card(props: CardProps) {
  const { task, step, peeked, onOpen, onMove } = props
  const selection = use(SelectionContext)
  const selected = useSelected(task.id)
  const tabIndex = useIsActive(task.id) ? 0 : -1
  const id = shortId(task)

  const open = (event: MouseEvent) => {
    if (event.altKey) return
    event.preventDefault()
    if (event.shiftKey) selection.extendTo(task.id)
    else if (event.metaKey || event.ctrlKey) selection.toggle(task.id)
    else onOpen(task.code)
  }
  const looks = [peeked && 'card-peeked', selected && 'card-selected']
  return (
    <div className={['card', ...looks].filter(Boolean).join(' ')} data-id={task.id}>
      <div className="card-top">
        <input
          type="checkbox"
          className="card-select"
          data-focus={`select ${task.id}`}
          aria-label={`Select ${id}`}
          title="Select (X)"
          tabIndex={tabIndex}
          checked={selected}
          onChange={() => selection.toggle(task.id)}
        />
        <span className={longId(id) ? 'id card-id card-id-long' : 'id card-id'} title={task.code}>
          <bdi>{id}</bdi>
        </span>
        <PriorityMark priority={task.priority} />
        {onMove && (
          <button
            type="button"
            className="card-move"
            data-focus={`move ${task.id}`}
            aria-haspopup="menu"
            aria-label={`Move ${id} to…`}
            title="Move to… (M)"
            tabIndex={tabIndex}
            onClick={(event) => onMove(task, event.currentTarget)}
          >
            <svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
              <path d="M2.5 8h10M9 4.2 12.8 8 9 11.8" />
            </svg>
          </button>
        )}
      </div>
      <h3 className={task.title.length > shortTitle ? 'card-title card-title-long' : 'card-title'}>
        <a
          href={`?task=${encodeURIComponent(task.code)}`}
          data-focus={`open ${task.id}`}
          data-code={task.code}
          aria-current={peeked || undefined}
          tabIndex={tabIndex}
          onClick={open}
        >
          {task.title}
        </a>
      </h3>
      {task.board_status === 'blocked' && (
        <p className="card-blocked">{task.blocked_reason || 'Blocked, no reason given'}</p>
      )}
      <CardFoot task={task} step={step} />
    </div>
  )
})

function CardFoot({ task, step }: { task: Task; step: StepRun | undefined }) {
  const who = task.assignee ?? step?.agent
  return (
    <div className="card-foot">
      <UnsentCardSign taskId={task.id} />
      {task.labels.length > 0 && (
        <ul className="labels" aria-label="Labels">
          {task.labels.slice(0, mostLabels).map((label) => (
            <li key={label}>{label}</li>
          ))}
          {task.labels.length > mostLabels && <li>+{task.labels.length - mostLabels}</li>}
        </ul>
      )}
      {task.skipped && <span className="card-skipped">skipped</span>}
      {step && (
        <span className="card-step" title={`Step ${step.step_index + 1}: ${step.step_name}`}>
          <StatusMark status={step.status} />
          {spoken(step.status)}
          {step.attempt > 1 && `, attempt ${step.attempt}`}
        </span>
      )}
      {step && step.tokens !== null && (
        <span
          className="numbers"
          title={step.cost_usd === null ? undefined : dollars(step.cost_usd)}
        >
          {compact(step.tokens)}
          <span className="hidden"> tokens</span>
          <span aria-hidden="true"> tok</span>
        </span>
      )}
      {who && <span className="card-assignee">{who}</span>}
      <span className="card-points numbers">
        {task.story_points === null ? 'no estimate' : count(task.story_points, 'pt')}
      </span>
    </div>
  )
}
