import { useState } from 'react'
import { createStore, useStore } from './store.ts'

/** What a screen reader is told, politely, about a change that sight gets from the page. */
const message = createStore({ text: '', turn: 0 })

export const announce = (text: string): void => message.set({ text, turn: message.get().turn + 1 })

/**
 * The live region; rendered once around all pages, and once more in each dialog, outside of which
 * nothing is heard. Equal texts in a row are read again, since the node differs.
 */
export function Announcer({ place = 'page' }: { place?: 'page' | 'dialog' }) {
  const { text, turn } = useStore(message)
  const [first] = useState(turn)
  return (
    <div className="hidden" aria-live="polite" data-announcer={place}>
      {turn > first && <span key={turn}>{text}</span>}
    </div>
  )
}
