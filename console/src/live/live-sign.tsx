import { formatMinute } from '../format/dates.ts'
import { useNow } from '../ui/now.ts'
import { useLiveStatus } from './use-events.ts'
import './live-sign.css'

const patience = 10_000

/** Whether what is shown follows what happens; since when not. */
export function LiveSign() {
  const { state, since } = useLiveStatus()
  const now = useNow(5_000)
  const away = since !== null && now - since > patience
  const words = { connecting: 'Connecting…', live: 'Live', reconnecting: 'Reconnecting…' }
  return (
    <p
      className={`live-sign live-${state}`}
      role="status"
      title={
        state === 'reconnecting'
          ? 'The server does not answer. What is shown stays, and catches up when it is back.'
          : undefined
      }
    >
      <span className="live-dot" aria-hidden="true" />
      {away ? `Away since ${formatMinute(since)}` : words[state]}
    </p>
  )
}
