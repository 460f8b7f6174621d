import { type KeyboardEvent, type MouseEvent, memo, useRef } from 'react'
import type { StepRun, Task } from '../api/types.ts'
import { count, spoken } from '../format/words.ts'
import { StatusMark } from '../ui/status-mark.tsx'
import { PriorityMark } from './priority-mark.tsx'
import { shortId } from './short-id.ts'
import './card.css'

interface CardProps {
  task: Task
  step: StepRun | undefined
  peeked: boolean
  onOpen: (code: string) => void
  onMove: ((task: Task, anchor: HTMLElement) => void) | undefined
}

/** Most labels shown before “+2”. */
const mostLabels = 3

export const Card = memo(function Card({ task, step, peeked, onOpen, onMove }: CardProps) {
  const menu = useRef<HTMLButtonElement>(null)
  const id = shortId(task)
  const open = (event: MouseEvent) => {
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return
    event.preventDefault()
    onOpen(task.code)
  }
  // Only while the card has the focus, so that no key is taken from anything else.
  const press = ({ key, metaKey, ctrlKey, altKey }: KeyboardEvent) => {
    if (key.toLowerCase() !== 'm' || metaKey || ctrlKey || altKey) return
    if (menu.current) onMove?.(task, menu.current)
  }
  return (
    <li className={`card${peeked ? ' card-peeked' : ''}`} onKeyDown={press}>
      <div className="card-top">
        {task.external_id !== null && <span className="id card-id">{task.external_id}</span>}
        <span className="id card-code" title={task.code}>
          <bdi>{task.code}</bdi>
        </span>
        <PriorityMark priority={task.priority} />
        {onMove && (
          <button
            ref={menu}
            type="button"
            className="card-move"
            data-focus={`move ${task.id}`}
            aria-haspopup="menu"
            title="Move to… (M)"
            onClick={(event) => onMove(task, event.currentTarget)}
          >
            <svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
              <path d="M2.5 8h10M9 4.2 12.8 8 9 11.8" />
            </svg>
            <span className="hidden">Move {id} to…</span>
          </button>
        )}
      </div>
      <h3 className="card-title">
        <a
          href={`?task=${encodeURIComponent(task.code)}`}
          data-focus={`open ${task.id}`}
          data-code={task.code}
          aria-current={peeked || undefined}
          onClick={open}
        >
          {task.title}
        </a>
      </h3>
      {task.board_status === 'blocked' && (
        <p className="card-blocked">{task.blocked_reason || 'Blocked, no reason given'}</p>
      )}
      <div className="card-foot">
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
        {task.assignee && <span className="card-assignee">{task.assignee}</span>}
        <span className="card-points numbers">
          {task.story_points === null ? 'no estimate' : count(task.story_points, 'pt')}
        </span>
      </div>
    </li>
  )
})
