import { useState } from 'react'
import { LazyPart } from './lazy-part.tsx'

const events = () => import('./event-list.tsx').then((it) => it.EventList)

/** What happened to a card; read once it is asked for. */
export function PeekEvents({ taskId }: { taskId: number }) {
  const [isOpen, setOpen] = useState(false)
  return (
    <details className="peek-more" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>
        <h3>Events</h3>
      </summary>
      {isOpen && <LazyPart name="list of events" load={events} props={{ taskId }} />}
    </details>
  )
}
