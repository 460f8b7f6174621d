import { useEffect } from 'react'
import { count } from '../format/words.ts'
import { announce } from '../ui/announcer.tsx'
import { useOutbox, useUnsent } from './use-edits.ts'
import './unsent-sign.css'

/** In the shell: how much of one's work the server has not got yet. */
export function UnsentSign() {
  const unsent = useOutbox(({ entries, away, signedOut }) =>
    away || signedOut ? entries.length : 0,
  )
  const waits = unsent > 0
  useEffect(() => {
    if (waits) announce('The server does not answer. What you change is kept until it does.')
  }, [waits])
  if (!waits) return null
  return (
    <p className="unsent-sign" title="Sent as soon as the server answers again">
      <UnsentMark />
      {count(unsent, 'edit')} not saved yet
    </p>
  )
}

/** On a card: an edit of it waits for the server. */
export function UnsentCardSign({ taskId }: { taskId: number }) {
  const unsent = useUnsent(taskId)
  if (!unsent) return null
  return (
    <span className="unsent-card" title="Not saved yet: the server does not answer">
      <UnsentMark />
      not saved yet
    </span>
  )
}

function UnsentMark() {
  return (
    <svg className="unsent-mark" viewBox="0 0 16 16" width="14" height="14" aria-hidden="true">
      <path d="M8 11V3M4.8 6 8 2.8 11.2 6M2.5 10v3h11v-3" />
    </svg>
  )
}
