import type { ReactNode } from 'react'
import type { Task } from '../api/types.ts'
import type { TaskChanges } from '../edits/changes.ts'
import { cardsOf } from '../edits/words.ts'
import { TextForm } from './text-form.tsx'

interface LabelsPanelProps {
  tasks: readonly Task[]
  /** Their labels are offered. */
  all: readonly Task[]
  heading: ReactNode
  change: (tasks: readonly Task[], changes: TaskChanges, label: string) => void
  onDone: () => void
}

/** Adds a label to all of the cards, or takes one away; their other labels stay. */
export function LabelsPanel({ tasks, all, change, heading, onDone }: LabelsPanelProps) {
  const here = labelsOf(tasks)
  const cards = cardsOf(tasks)
  const remove = (label: string) => {
    onDone()
    const holders = tasks.filter(({ labels }) => labels.includes(label))
    change(holders, { labels_remove: [label] }, `${cards}: label ${label} removed`)
  }
  return (
    <>
      <TextForm<string>
        label={<>Label for {heading}</>}
        button="Add label"
        suggestions={[...labelsOf(all).keys()]}
        parse={(text) => {
          if (text === '') return { wrong: 'Type a label.' }
          if (text.length > 200) return { wrong: 'A label has at most 200 characters.' }
          return { value: text }
        }}
        onDone={(label) => {
          onDone()
          change(tasks, { labels_add: [label] }, `${cards}: label ${label} added`)
        }}
      />
      {here.size > 0 && (
        <ul className="panel-labels" aria-label="Labels they have">
          {[...here].map(([label, holders]) => (
            <li key={label}>
              <span>
                {label} {holders < tasks.length && <span className="numbers">({holders})</span>}
              </span>
              <button
                type="button"
                className="button button-quiet button-small"
                onClick={() => remove(label)}
              >
                Remove<span className="hidden"> {label}</span>
              </button>
            </li>
          ))}
        </ul>
      )}
    </>
  )
}

/** Labels in the order of the alphabet, and how many cards have them. */
function labelsOf(tasks: readonly Task[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>()
  for (const label of tasks.flatMap(({ labels }) => labels)) {
    counts.set(label, (counts.get(label) ?? 0) + 1)
  }
  return new Map([...counts].sort(([a], [b]) => a.localeCompare(b)))
}
