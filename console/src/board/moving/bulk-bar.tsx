import { useEffect, useEffectEvent } from 'react'
import { announce } from '../../ui/announcer.tsx'
import { useSelection } from '../selection.ts'
import type { Question } from './questions.ts'
import './bulk-bar.css'

interface BulkBarProps {
  ask: (question: Question, anchor: HTMLElement) => void
  /** The bar goes away while it has the focus. */
  onGone: () => void
}

const questions: readonly (readonly [Question, string, string?])[] = [
  ['move', 'Move to…', 'M'],
  ['assignee', 'Assignee…', 'A'],
  ['points', 'Points…', 'E'],
  ['priority', 'Priority…', 'P'],
  ['labels', 'Labels…'],
]

/** What can be done to the selected cards; below the board, so that it covers none of them. */
export function BulkBar(props: BulkBarProps) {
  const { ids } = useSelection()
  return ids.size > 0 && <Bar {...props} />
}

function Bar({ ask, onGone }: BulkBarProps) {
  const selection = useSelection()
  const gone = useEffectEvent(() => {
    if (document.activeElement === document.body) onGone()
  })
  useEffect(() => () => queueMicrotask(() => gone()), [])
  return (
    <section className="bulk-bar" aria-label="Selected cards">
      <p className="numbers">{selection.ids.size} selected</p>
      {questions.map(([question, text, keys]) => (
        <button
          key={question}
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
