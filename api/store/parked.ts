import type { EventDelivery } from '../core/entities/delivery.ts'
import { invalid } from '../core/errors.ts'
import type { HandlerName } from '../core/events/subscriptions.ts'
import type { Db, Tx } from './database.ts'
import type { Page, PageOf } from './page.ts'

const columns = (db: Db) => db`
  d.event_id, e.type as event_type, d.handler, d.attempts, d.error, d.next_try_at, d.parked_at,
  case when d.parked_at is null then 'waiting' else 'parked' end as state,
  e.project_id, e.sprint_id, e.protocol_run_id, e.correlation_id, e.emitted_at`

interface Wanted extends Page {
  state?: EventDelivery['state'] | undefined
  handler?: HandlerName | undefined
}

/** Deliveries that are not settled, the oldest event first. */
export async function deliveriesPage(db: Db, wanted: Wanted): Promise<PageOf<EventDelivery>> {
  const { limit, state, handler } = wanted
  const [eventId, after] = placeOf(wanted.cursor)
  const rows = await db<EventDelivery[]>`
    select ${columns(db)} from event_deliveries d join events e on e.id = d.event_id
    where (d.event_id, d.handler) > (${eventId}::bigint, ${after})
      ${state === undefined ? db`` : state === 'parked' ? db`and d.parked_at is not null` : db`and d.parked_at is null`}
      ${handler === undefined ? db`` : db`and d.handler = ${handler}`}
    order by d.event_id, d.handler limit ${limit + 1}`
  const items = rows.slice(0, limit)
  const last = items.at(-1)
  return {
    items,
    next_cursor: rows.length > limit && last ? `${last.event_id}.${last.handler}` : null,
  }
}

function placeOf(cursor: string | undefined): [number, string] {
  if (cursor === undefined) return [0, '']
  const match = /^(\d{1,15})\.([a-z_]{1,60})$/.exec(cursor)
  if (!match?.[1] || !match[2]) {
    throw invalid('cursor', 'cursor', 'pass next_cursor of the page before, unchanged')
  }
  return [Number(match[1]), match[2]]
}

export async function findDelivery(
  db: Db,
  eventId: number,
  handler: HandlerName,
): Promise<EventDelivery | undefined> {
  const [row] = await db<EventDelivery[]>`
    select ${columns(db)} from event_deliveries d join events e on e.id = d.event_id
    where d.event_id = ${eventId} and d.handler = ${handler}`
  return row
}

/** Makes parked deliveries due again, with all their tries before them; answers those. */
export async function unpark(
  tx: Tx,
  { eventId, handler }: { eventId?: number; handler?: HandlerName | undefined },
): Promise<EventDelivery[]> {
  return tx<EventDelivery[]>`
    with d as (
      update event_deliveries
      set parked_at = null, attempts = 0, next_try_at = now()
      where parked_at is not null
        ${eventId === undefined ? tx`` : tx`and event_id = ${eventId}`}
        ${handler === undefined ? tx`` : tx`and handler = ${handler}`}
      returning *
    )
    select ${columns(tx)} from d join events e on e.id = d.event_id order by d.event_id, d.handler`
}

/** Removes a parked delivery; answers what it was, and nothing where none is parked. */
export async function discardParked(
  tx: Tx,
  eventId: number,
  handler: HandlerName,
): Promise<EventDelivery | undefined> {
  const [row] = await tx<EventDelivery[]>`
    with d as (
      delete from event_deliveries
      where event_id = ${eventId} and handler = ${handler} and parked_at is not null
      returning *
    )
    select ${columns(tx)} from d join events e on e.id = d.event_id`
  return row
}

/** Handlers that have parked work. */
export async function handlersWithParked(db: Db): Promise<string[]> {
  const rows = await db<{ handler: string }[]>`
    select distinct handler from event_deliveries where parked_at is not null`
  return rows.map((row) => row.handler)
}

export interface Lag {
  handler: string
  /** Age of the oldest event that the handler has still to work on. */
  seconds: number
  project_id: number | null
}

/** How far each handler with waiting work is behind; what is held without a failure is not. */
export async function lags(db: Db): Promise<Lag[]> {
  return db<Lag[]>`
    select oldest.handler, e.project_id,
      extract(epoch from clock_timestamp() - e.emitted_at)::float8 as seconds
    from (select handler, min(event_id) as event_id from event_deliveries
          where parked_at is null and (attempts > 0 or next_try_at <= now())
          group by handler) oldest
    join events e on e.id = oldest.event_id`
}
