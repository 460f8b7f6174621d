import type { StoredEvent } from '../api/types.ts'
import { formatMoment } from '../format/dates.ts'
import { changeQuery, withParameter } from '../routing/location.ts'
import { describe } from '../scrum/describe-event.ts'
import { EventDetail } from './event-detail.tsx'

/** One event as a line; the opened one is named by the address. */
export function EventLine({ event, open }: { event: StoredEvent; open: boolean }) {
  const detail = `event-${event.id}`
  const toggle = () =>
    changeQuery((query) => withParameter(query, 'event', open ? null : String(event.id)), {
      replace: true,
    })
  return (
    <>
      <button
        type="button"
        className="event-line"
        aria-expanded={open}
        aria-controls={open ? detail : undefined}
        data-event={event.id}
        onClick={toggle}
      >
        <time className="numbers" dateTime={event.emitted_at}>
          {formatMoment(event.emitted_at)}
        </time>
        <code>{event.type}</code>
        <span className="event-what">
          {(event.level === 'warning' || event.level === 'error') && (
            <span className={`event-level event-${event.level}`}>{event.level}</span>
          )}
          <span className="event-entity">
            {event.entity_type} {event.entity_id}
          </span>{' '}
          {describe(event)}
        </span>
        <span className="event-who">{event.agent ?? event.actor}</span>
      </button>
      {open && <EventDetail id={detail} event={event} />}
    </>
  )
}
