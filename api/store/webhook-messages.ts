import type { WebhookMessage } from '../core/entities/webhook.ts'
import type { Db, Tx } from './database.ts'
import { after, type Page, pageOf } from './page.ts'

const columns = (db: Db) => db`
  m.id, m.subscription_id, m.event_id,
  (select type from events e where e.id = m.event_id) as event_type,
  m.state, m.attempts, m.next_try_at, m.status, m.error, m.created_at, m.finished_at`

const notInHand = (db: Db) => db`(m.leased_until is null or m.leased_until <= now())`

export async function findMessage(db: Db, id: number): Promise<WebhookMessage | undefined> {
  const [row] = await db<WebhookMessage[]>`
    select ${columns(db)} from webhook_messages m where m.id = ${id}`
  return row
}

export async function listMessages(
  db: Db,
  filter: Page & {
    subscription_id?: number | undefined
    state?: WebhookMessage['state'] | undefined
  },
) {
  const { subscription_id, state } = filter
  const rows = await db<WebhookMessage[]>`
    select ${columns(db)} from webhook_messages m
    where m.id > ${after(filter)}
      ${subscription_id ? db`and m.subscription_id = ${subscription_id}` : db``}
      ${state ? db`and m.state = ${state}` : db``}
    order by m.id limit ${filter.limit + 1}`
  return pageOf(rows, filter, (row) => row.id)
}

/** A message about the newest event of a subscription, whether it asked for that type or not. */
export async function messageOfNewestEvent(
  tx: Tx,
  subscriptionId: number,
): Promise<WebhookMessage> {
  const newest = tx`
    select max(id) from events
    where entity_type = 'webhook_subscription' and entity_id = ${subscriptionId}`
  await tx`
    insert into webhook_messages (subscription_id, event_id) values (${subscriptionId}, (${newest}))
    on conflict do nothing`
  const [row] = await tx<WebhookMessage[]>`
    select ${columns(tx)} from webhook_messages m
    where m.subscription_id = ${subscriptionId} and m.event_id = (${newest})`
  return row as WebhookMessage
}

/** Makes messages due now, with all tries before them; one that is in hand is left alone. */
export async function replayMessages(
  tx: Tx,
  which: { id: number } | { parkedOf: number },
): Promise<number> {
  const { count } = await tx`
    update webhook_messages m
    set state = 'waiting', attempts = 0, next_try_at = now(), leased_until = null,
      finished_at = null
    where ${notInHand(tx)} and ${
      'id' in which
        ? tx`m.id = ${which.id}`
        : tx`m.subscription_id = ${which.parkedOf} and m.state = 'parked'`
    }`
  if (count > 0) await tx`select pg_notify('webhook_messages', '')`
  return count
}

/** Parks what waits for a subscription that was turned off. */
export async function parkWaiting(tx: Tx, subscriptionId: number, error: string): Promise<void> {
  await tx`
    update webhook_messages m
    set state = 'parked', leased_until = null, finished_at = now(), error = ${error}
    where m.subscription_id = ${subscriptionId} and m.state = 'waiting'`
}

export async function countMessages(db: Db): Promise<{ waiting: number; parked: number }> {
  const [row] = await db<{ waiting: number; parked: number }[]>`
    select count(*) filter (where state = 'waiting') as waiting,
      count(*) filter (where state = 'parked') as parked
    from webhook_messages where state <> 'sent'`
  return row ?? { waiting: 0, parked: 0 }
}

/**
 * Forgets messages sent a week ago or parked a month ago, some at a time; answers how many. Until
 * then they can be seen and replayed.
 */
export async function pruneMessages(db: Db, atOnce: number): Promise<number> {
  const { count } = await db`
    delete from webhook_messages where id in (
      select id from webhook_messages
      where state <> 'waiting' and finished_at < now() - interval '7 days'
        and (state = 'sent' or finished_at < now() - interval '30 days')
      limit ${atOnce})`
  return count
}
