import { type FormEvent, useEffect, useId, useRef, useState } from 'react'
import type { Task } from '../api/types.ts'
import { cardsOf } from '../edits/words.ts'
import { Popover } from '../ui/popover.tsx'
import type { PlanActions } from './use-plan-actions.ts'

interface LabelPanelProps {
  anchor: HTMLElement
  tasks: readonly Task[]
  /** All cards of the plan, for suggestions. */
  all: readonly Task[]
  actions: PlanActions
  onClose: () => void
}

const longest = 200

/** Gives cards a label, or takes one from those that have it. */
export function LabelPanel({ anchor, tasks, all, actions, onClose }: LabelPanelProps) {
  const field = useRef<HTMLInputElement>(null)
  const [wrong, setWrong] = useState('')
  const id = useId()
  useEffect(() => field.current?.focus(), [])
  const theirs = labelsOf(tasks)
  const act = (label: string, way: 'add' | 'remove') => {
    onClose()
    actions.label(tasks, label, way)
  }
  const add = (event: FormEvent) => {
    event.preventDefault()
    const label = field.current?.value.trim() ?? ''
    if (label === '') setWrong('Type a label')
    else if (label.length > longest) setWrong(`A label has at most ${longest} characters`)
    else act(label, 'add')
  }
  return (
    <Popover anchor={anchor} onClose={onClose}>
      <form className="label-panel" onSubmit={add} noValidate>
        <label htmlFor={id}>Label for {cardsOf(tasks)}</label>
        <div className="label-add">
          <input
            ref={field}
            id={id}
            type="text"
            list={`${id}-known`}
            autoComplete="off"
            aria-invalid={wrong !== ''}
            aria-describedby={`${id}-wrong`}
          />
          <button type="submit" className="button button-main">
            Add
          </button>
        </div>
        <datalist id={`${id}-known`}>
          {[...labelsOf(all).keys()].slice(0, mostSuggested).map((label) => (
            <option key={label} value={label} />
          ))}
        </datalist>
        <p id={`${id}-wrong`} className="field-error">
          {wrong}
        </p>
        {theirs.size > 0 && (
          <ul className="label-list" aria-label="Labels they have">
            {[...theirs].slice(0, mostShown).map(([label, holders]) => (
              <li key={label}>
                <span>
                  {label} {holders < tasks.length && <span className="numbers">({holders})</span>}
                </span>
                <button
                  type="button"
                  className="button button-small"
                  onClick={() => act(label, 'remove')}
                >
                  Remove<span className="hidden"> {label}</span>
                </button>
              </li>
            ))}
          </ul>
        )}
      </form>
    </Popover>
  )
}

const mostSuggested = 200
const mostShown = 30

/** Labels, those that most cards have first, and how many have them. */
function labelsOf(tasks: readonly Task[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>()
  for (const { labels } of tasks) {
    for (const label of labels) counts.set(label, (counts.get(label) ?? 0) + 1)
  }
  return new Map([...counts].sort(([a, m], [b, n]) => n - m || a.localeCompare(b)))
}
