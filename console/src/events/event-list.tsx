import { useWindowVirtualizer } from '@tanstack/react-virtual'
import { type KeyboardEvent, useLayoutEffect, useRef, useState } from 'react'
import type { StoredEvent } from '../api/types.ts'
import { EventLine } from './event-line.tsx'

const lineHeight = 38

/** Lines as many as fit are drawn, however many are loaded. Arrows go from line to line. */
export function EventList({ events, opened }: { events: StoredEvent[]; opened: number | null }) {
  const list = useRef<HTMLOListElement>(null)
  const [top, setTop] = useState(0)
  useLayoutEffect(() => setTop(list.current?.offsetTop ?? 0), [])
  const virtualizer = useWindowVirtualizer({
    count: events.length,
    estimateSize: () => lineHeight,
    overscan: 12,
    scrollMargin: top,
    getItemKey: (index) => events[index]?.id ?? index,
  })

  const steer = (event: KeyboardEvent) => {
    const line = (event.target as HTMLElement).closest<HTMLElement>('[data-event]')
    const here = events.findIndex((it) => String(it.id) === line?.dataset.event)
    const next = { ArrowDown: here + 1, ArrowUp: here - 1, Home: 0, End: events.length - 1 }[
      event.key
    ]
    const target = next === undefined || here < 0 ? undefined : events[next]
    if (target === undefined || next === undefined) return
    event.preventDefault()
    virtualizer.scrollToIndex(next)
    focusOnceDrawn(list.current, target.id)
  }
  return (
    <ol
      ref={list}
      className="events"
      aria-label="Events, newest first"
      style={{ height: virtualizer.getTotalSize() }}
      onKeyDown={steer}
    >
      {virtualizer.getVirtualItems().map(({ index, key, start }) => {
        const event = events[index]
        if (event === undefined) return null
        return (
          <li
            key={key}
            ref={virtualizer.measureElement}
            data-index={index}
            aria-setsize={events.length}
            aria-posinset={index + 1}
            style={{ transform: `translateY(${start - top}px)` }}
          >
            <EventLine event={event} open={event.id === opened} />
          </li>
        )
      })}
    </ol>
  )
}

/** A line far off is drawn after the window has scrolled there. */
function focusOnceDrawn(list: HTMLElement | null, id: number, tries = 20): void {
  const line = list?.querySelector<HTMLElement>(`[data-event="${id}"]`)
  if (line) line.focus({ preventScroll: true })
  else if (tries > 0) requestAnimationFrame(() => focusOnceDrawn(list, id, tries - 1))
}
