import { useState, useSyncExternalStore } from 'react'

/** What a screen reader is told, politely, about a change that sight gets from the page. */
let message = { text: '', turn: 0 }
const listeners = new Set<() => void>()

export function announce(text: string): void {
  message = { text, turn: message.turn + 1 }
  for (const changed of listeners) changed()
}

const subscribe = (changed: () => void) => {
  listeners.add(changed)
  return () => listeners.delete(changed)
}

/**
 * The live region; rendered once around all pages, and once more in each dialog, outside of which
 * nothing is heard. Equal texts in a row are read again, since the node differs.
 */
export function Announcer({ place = 'page' }: { place?: 'page' | 'dialog' }) {
  const { text, turn } = useSyncExternalStore(subscribe, () => message)
  const [first] = useState(turn)
  return (
    <div className="hidden" aria-live="polite" data-announcer={place}>
      {turn > first && <span key={turn}>{text}</span>}
    </div>
  )
}
