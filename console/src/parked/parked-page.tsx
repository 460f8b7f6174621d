import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { projectsQuery } from '../api/queries.ts'
import { request } from '../api/request.ts'
import type { EventDelivery, WebhookMessage } from '../api/types.ts'
import { Ask } from '../form/ask.tsx'
import { formatMoment } from '../format/dates.ts'
import { count, spoken } from '../format/words.ts'
import { useEvents } from '../live/use-events.ts'
import { Link } from '../routing/link.tsx'
import { paths } from '../routing/paths.ts'
import { useMay } from '../session/session.ts'
import { PageHead } from '../ui/page-head.tsx'
import { EmptyState, ErrorState, Skeleton } from '../ui/states.tsx'
import { StatusWord } from '../ui/status-word.tsx'
import { useTitle } from '../ui/title.ts'
import { toast } from '../ui/toasts.tsx'
import { deliveriesQuery, parkedMessagesQuery } from './parked-queries.ts'
import '../ui/records.css'

/** Work that handlers gave up, or still try, and messages that no receiver took. */
export function ParkedPage() {
  useTitle('Parked work')
  const client = useQueryClient()
  const mayAdmin = useMay('admin')
  const again = () => {
    void client.invalidateQueries({ queryKey: ['deliveries'] })
    void client.invalidateQueries({ queryKey: ['webhook-messages'] })
  }
  useEvents({ types: ['delivery', 'webhook'] }, { onOpen: again, onEvents: again })
  return (
    <div className="page">
      <PageHead title="Parked work">
        <p>
          What follows from an event by itself is tried again until it is done. What failed its last
          try is parked here; nothing is lost until an admin discards it.
        </p>
      </PageHead>
      <Deliveries mayAdmin={mayAdmin} onChanged={again} />
      {mayAdmin && <Messages onChanged={again} />}
    </div>
  )
}

interface SectionProps {
  onChanged: () => void
}

/** Sends one change; a refusal is told, and what is shown is read again. */
function useSend(onChanged: () => void) {
  return useMutation({
    mutationFn: ({ path }: { path: string; said: string }) => request('POST', path, { body: {} }),
    onSuccess: (_, { said }) => toast({ tone: 'info', title: said }),
    onError: (error) => toast({ tone: 'bad', title: 'Not replayed', detail: error.message }),
    onSettled: onChanged,
  })
}

function Deliveries({ mayAdmin, onChanged }: SectionProps & { mayAdmin: boolean }) {
  const { data, error, refetch } = useQuery(deliveriesQuery)
  const slugs = new Map(useQuery(projectsQuery).data?.map(({ id, slug }) => [id, slug]))
  const [discarding, setDiscarding] = useState<EventDelivery | null>(null)
  const { mutate } = useSend(onChanged)
  const parked = data?.filter(({ state }) => state === 'parked') ?? []
  return (
    <section className="section" aria-labelledby="handlers">
      <div className="page-line">
        <h2 id="handlers">Handlers</h2>
        {mayAdmin && parked.length > 0 && (
          <div className="page-end">
            <button
              type="button"
              className="button"
              onClick={() =>
                mutate({ path: '/deliveries/actions/replay', said: 'All of it is tried again' })
              }
            >
              Replay all {parked.length}
            </button>
          </div>
        )}
      </div>
      {!data && (error ? <ErrorState error={error} retry={refetch} /> : <Skeleton lines={4} />)}
      {data?.length === 0 && (
        <EmptyState title="Nothing is parked">
          <p>Every event has been worked on.</p>
        </EmptyState>
      )}
      {data && data.length > 0 && (
        <table className="records" aria-label="Work of handlers that is not done">
          <thead>
            <tr>
              <th scope="col">Work</th>
              <th scope="col">State</th>
              <th scope="col" className="num">
                Tries
              </th>
              <th scope="col">Event</th>
              {mayAdmin && (
                <th scope="col">
                  <span className="hidden">What can be done</span>
                </th>
              )}
            </tr>
          </thead>
          <tbody>
            {data.map((it) => {
              const slug = slugs.get(it.project_id ?? 0)
              const path = `/deliveries/${it.event_id}/${it.handler}/actions`
              return (
                <tr key={`${it.event_id} ${it.handler}`}>
                  <td className="records-main">
                    <strong>{spoken(it.handler)}</strong>
                    {it.error && <p className="records-fine">{it.error}</p>}
                  </td>
                  <td data-label="State">
                    <StatusWord
                      status={it.state === 'parked' ? 'failed' : 'pending'}
                      word={
                        it.state === 'parked'
                          ? 'parked'
                          : `next try ${formatMoment(it.next_try_at)}`
                      }
                    />
                  </td>
                  <td className="num" data-label="Tries">
                    {it.attempts}
                  </td>
                  <td data-label="Event">
                    <span>
                      <code>{it.event_type}</code> {formatMoment(it.emitted_at)}
                      {slug && (
                        <>
                          {' '}
                          <Link to={paths.events(slug)}>
                            {slug} <span className="hidden">events</span>
                          </Link>
                        </>
                      )}
                    </span>
                  </td>
                  {mayAdmin && (
                    <td>
                      {it.state === 'parked' && (
                        <span>
                          <button
                            type="button"
                            className="button button-small"
                            onClick={() => mutate({ path: `${path}/replay`, said: 'Tried again' })}
                          >
                            Replay
                          </button>{' '}
                          <button
                            type="button"
                            className="button button-small"
                            onClick={() => setDiscarding(it)}
                          >
                            Discard…
                          </button>
                        </span>
                      )}
                    </td>
                  )}
                </tr>
              )
            })}
          </tbody>
        </table>
      )}
      {discarding && (
        <Ask
          title="Discard parked work"
          submit="Discard"
          reason="required"
          act={async (reason, idempotencyKey) => {
            const { event_id, handler } = discarding
            const path = `/deliveries/${event_id}/${handler}/actions/discard`
            await request('POST', path, { body: { reason }, idempotencyKey })
            onChanged()
          }}
          onClose={() => setDiscarding(null)}
        >
          <p>
            {spoken(discarding.handler)} of <code>{discarding.event_type}</code> will never be done.
            The event stays on the record, with your reason beside it.
          </p>
        </Ask>
      )}
    </section>
  )
}

function Messages({ onChanged }: SectionProps) {
  const { data, error, refetch } = useQuery(parkedMessagesQuery)
  const { mutate } = useSend(onChanged)
  const replay = ({ id }: WebhookMessage) =>
    mutate({ path: `/webhook-messages/${id}/actions/replay`, said: 'Sent again' })
  return (
    <section className="section" aria-labelledby="messages">
      <div className="page-line">
        <h2 id="messages">Outgoing messages</h2>
        {data && data.length > 0 && (
          <div className="page-end">
            <button type="button" className="button" onClick={() => data.forEach(replay)}>
              Replay {count(data.length, 'message')}
            </button>
          </div>
        )}
      </div>
      {!data && (error ? <ErrorState error={error} retry={refetch} /> : <Skeleton lines={2} />)}
      {data?.length === 0 && <p>No receiver has refused a message for good.</p>}
      {data && data.length > 0 && (
        <table className="records" aria-label="Messages that were given up">
          <thead>
            <tr>
              <th scope="col">Message</th>
              <th scope="col">Given up</th>
              <th scope="col" className="num">
                Tries
              </th>
              <th scope="col">
                <span className="hidden">What can be done</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {data.map((it) => (
              <tr key={it.id}>
                <td className="records-main">
                  <code>{it.event_type}</code> to subscription {it.subscription_id}
                  {it.error && <p className="records-fine">{it.error}</p>}
                </td>
                <td data-label="Given up">{it.finished_at && formatMoment(it.finished_at)}</td>
                <td className="num" data-label="Tries">
                  {it.attempts}
                </td>
                <td>
                  <button type="button" className="button button-small" onClick={() => replay(it)}>
                    Replay
                  </button>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  )
}
