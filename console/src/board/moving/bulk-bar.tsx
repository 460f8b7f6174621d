import { useEffect, useEffectEvent, useRef } from 'react'
import { useActions } from '../../actions/actions.ts'
import { useSelection } from '../../scrum/selection.ts'
import { announce } from '../../ui/announcer.tsx'
import type { Question } from './questions.ts'
import './bulk-bar.css'

interface BulkBarProps {
  ask: (question: Question, anchor: HTMLElement) => void
  /** The bar goes away while it has the focus. */
  onGone: () => void
}

/** What can be asked: on its button, in the palette, and by which key on a card. */
const questions: readonly { question: Question; text: string; title: string; keys?: string }[] = [
  { question: 'move', text: 'Move to…', title: 'Move the selected cards', keys: 'M' },
  { question: 'assignee', text: 'Assignee…', title: 'Assign the selected cards', keys: 'A' },
  { question: 'points', text: 'Points…', title: 'Estimate the selected cards', keys: 'E' },
  {
    question: 'priority',
    text: 'Priority…',
    title: 'Set the priority of the selected cards',
    keys: 'P',
  },
  { question: 'labels', text: 'Labels…', title: 'Label the selected cards' },
]

/** What can be done to the selected cards; below the board, so that it covers none of them. */
export function BulkBar(props: BulkBarProps) {
  const { ids } = useSelection()
  return ids.size > 0 && <Bar {...props} />
}

function Bar({ ask, onGone }: BulkBarProps) {
  const selection = useSelection()
  const bar = useRef<HTMLElement>(null)
  useActions(
    questions.map(({ question, title }) => ({
      id: `selected.${question}`,
      title,
      group: 'Selected cards',
      run: () => bar.current?.querySelector<HTMLElement>(`[data-question="${question}"]`)?.click(),
    })),
  )
  const gone = useEffectEvent(() => {
    if (document.activeElement === document.body) onGone()
  })
  useEffect(() => () => queueMicrotask(() => gone()), [])
  return (
    <section className="bulk-bar" aria-label="Selected cards" ref={bar}>
      <p className="numbers">{selection.ids.size} selected</p>
      {questions.map(({ question, text, keys }) => (
        <button
          key={question}
          data-question={question}
          type="button"
          className="button button-small"
          aria-haspopup={question === 'points' || question === 'labels' ? 'dialog' : 'menu'}
          title={keys ? `${text} (${keys})` : undefined}
          onClick={({ currentTarget }) => ask(question, currentTarget)}
        >
          {text}
        </button>
      ))}
      <button
        type="button"
        className="button button-small button-quiet"
        title="Clear the selection (Esc)"
        onClick={() => {
          selection.clear()
          announce('No card is selected.')
        }}
      >
        Clear
      </button>
    </section>
  )
}
