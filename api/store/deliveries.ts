import type { StoredEvent } from '../core/entities/event.ts'
import type { Db, Tx } from './database.ts'

export interface Delivery extends Omit<StoredEvent, 'cursor' | 'level'> {
  attempts: number
  due: boolean
}

export interface DueQueue {
  handler: string
  queue: string
}

/**
 * Queues whose head is due, the oldest first. It goes from queue to queue along their index, so a
 * queue in which thousands wait costs, and hides, no more than another; a thousand at most.
 */
export async function dueQueues(db: Db): Promise<DueQueue[]> {
  return db<DueQueue[]>`
    with recursive heads as (
      (select order_key, event_id, handler, next_try_at from event_deliveries
        where parked_at is null order by order_key, event_id limit 1)
      union all
      select next.* from heads, lateral (
        select order_key, event_id, handler, next_try_at from event_deliveries
        where parked_at is null and order_key > heads.order_key
        order by order_key, event_id limit 1) next
    ), due as (select * from heads where next_try_at <= now() limit 1000)
    select handler, order_key as queue from due order by event_id`
}

/** Takes a queue for this transaction; false where another process works on it. */
export async function takeQueue(tx: Tx, queue: string): Promise<boolean> {
  const [row] = await tx<{ taken: boolean }[]>`
    select pg_try_advisory_xact_lock(hashtextextended(${queue}, 0)) as taken`
  return row?.taken ?? false
}

/**
 * The head of a taken queue, in the order of its events. Its rows are not locked: a lock would make
 * this a writing transaction, and the stream waits for those while a handler waits for Windmill.
 */
export async function headOfQueue(tx: Tx, queue: string, limit: number): Promise<Delivery[]> {
  return tx<Delivery[]>`
    select e.id, e.type, e.entity_type, e.entity_id, e.project_id, e.sprint_id,
      e.protocol_run_id, e.correlation_id, e.causation_id, e.session_key, e.agent, e.actor,
      e.payload, e.emitted_at, d.attempts, d.next_try_at <= now() as due
    from event_deliveries d join events e on e.id = d.event_id
    where d.order_key = ${queue} and d.parked_at is null
    order by d.event_id limit ${limit}`
}

export async function settle(tx: Tx, queue: string, eventIds: readonly number[]): Promise<void> {
  if (eventIds.length === 0) return
  await tx`
    delete from event_deliveries
    where order_key = ${queue} and event_id = any(${eventIds as number[]})`
}

/** Notes a failed try; the whole queue waits with it, since its order must hold. */
export async function postpone(
  tx: Tx,
  queue: string,
  eventId: number,
  failed: { attempts: number; error: string },
  seconds: number,
): Promise<void> {
  await tx`
    update event_deliveries set ${tx(failed)}
    where order_key = ${queue} and event_id = ${eventId}`
  await hold(tx, queue, seconds)
}

/** Lets a whole queue wait. */
export async function hold(tx: Tx, queue: string, seconds: number): Promise<void> {
  await tx`
    update event_deliveries set next_try_at = now() + make_interval(secs => ${seconds})
    where order_key = ${queue} and parked_at is null`
}

/** Gives up on a delivery for now: it stays visible, and the rest of its queue goes on. */
export async function park(
  tx: Tx,
  queue: string,
  eventId: number,
  failed: { attempts: number; error: string },
): Promise<void> {
  await tx`
    update event_deliveries set ${tx(failed)}, parked_at = now()
    where order_key = ${queue} and event_id = ${eventId}`
}

export async function waitingDeliveries(db: Db): Promise<{ waiting: number; parked: number }> {
  const [row] = await db<{ waiting: number; parked: number }[]>`
    select count(*) filter (where parked_at is null) as waiting, count(parked_at) as parked
    from event_deliveries`
  return row ?? { waiting: 0, parked: 0 }
}
