import type { LiveState } from './stream.ts'
import './live-sign.css'

const words: Record<LiveState, string> = {
  connecting: 'Connecting…',
  live: 'Live',
  reconnecting: 'Reconnecting…',
}

export function LiveSign({ state }: { state: LiveState }) {
  return (
    <p className={`live-sign live-${state}`} role="status">
      <span className="live-dot" aria-hidden="true" />
      {words[state]}
    </p>
  )
}
