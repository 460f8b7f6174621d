import type { StoredEvent } from '../core/entities/event.ts'
import type { WebhookFormat } from '../core/entities/webhook.ts'
import type { Failure } from '../core/webhooks/tries.ts'
import type { Database, Db, Tx } from './database.ts'
import { readEventsById } from './events.ts'
import { transaction } from './transaction.ts'

/** A message in hand: what it takes to send it, secrets included. */
export interface Claimed {
  id: number
  subscription_id: number
  project_id: number | null
  /** This try's number, from 1; who marks with an older number has lost the message. */
  attempts: number
  url: string
  format: WebhookFormat
  /** The newest first. */
  secrets: string[]
  event: StoredEvent
}

/**
 * Takes messages in hand for so many seconds: of each subscription that has none in hand the oldest
 * that is due, so that a subscription gets its messages one at a time, over all processes. In two
 * statements: the second sees whatever was taken before the lock was had.
 */
export async function claimMessages(
  db: Database,
  limit: number,
  seconds: number,
): Promise<Claimed[]> {
  return transaction(db, async (tx) => {
    const subscriptions = await tx<{ id: number }[]>`
      select s.id from webhook_subscriptions s
      where s.active and ${nothingInHand(tx)} and exists (${due(tx)})
      -- Whoever has much to get must not keep the others from their turn.
      order by random() limit ${limit} for no key update skip locked`
    if (subscriptions.length === 0) return []
    const rows = await tx<(Omit<Claimed, 'event'> & { event_id: number })[]>`
      update webhook_messages m
      set leased_until = now() + make_interval(secs => ${seconds}), attempts = m.attempts + 1
      from webhook_subscriptions s cross join lateral (${due(tx)} order by due.id limit 1) head
      where s.id = any(${subscriptions.map(({ id }) => id)}) and s.active and ${nothingInHand(tx)}
        and m.id = head.id
      returning m.id, m.subscription_id, m.event_id, m.attempts, s.project_id, s.url, s.format,
        array_remove(array[s.secret,
          case when s.previous_secret_until > now() then s.previous_secret end], null) as secrets`
    const events = await readEventsById(
      tx,
      rows.map((row) => row.event_id),
    )
    return rows.flatMap(({ event_id, ...row }) => {
      const event = events.find(({ id }) => id === event_id)
      return event ? [{ ...row, event }] : []
    })
  })
}

const due = (tx: Tx) => tx`
  select due.id from webhook_messages due
  where due.subscription_id = s.id and due.state = 'waiting' and due.next_try_at <= now()`
const nothingInHand = (tx: Tx) => tx`
  not exists (select from webhook_messages h
    where h.subscription_id = s.id and h.leased_until > now())`

const inHand = (db: Db, { id, attempts }: Pick<Claimed, 'id' | 'attempts'>) =>
  db`m.id = ${id} and m.attempts = ${attempts} and m.leased_until is not null`

export async function markSent(db: Db, claimed: Claimed, status: number): Promise<void> {
  await db`
    update webhook_messages m
    set state = 'sent', leased_until = null, finished_at = now(), status = ${status}, error = null
    where ${inHand(db, claimed)}`
}

/** Gives a message back as if it had not been taken: the try was broken off on our side. */
export async function giveBack(db: Db, claimed: Claimed): Promise<void> {
  await db`
    update webhook_messages m set leased_until = null, attempts = m.attempts - 1
    where ${inHand(db, claimed)}`
}

/**
 * Notes a failed try: a wait of `waits[n - 1]` seconds after the nth, times `factor`, or parked
 * where there is none left. A receiver that could not be reached fails for every message that is
 * due there; one that asked for a pause gets it. Answers what was parked; nothing where the
 * message was no longer in hand.
 */
export async function markFailed(
  tx: Tx,
  claimed: Claimed,
  failure: Failure,
  { waits, factor }: { waits: readonly number[]; factor: number },
): Promise<Parked[]> {
  const rows = await tx<(Parked & { state: string })[]>`
    with mine as (
      select m.id from webhook_messages m where ${inHand(tx, claimed)} for update
    ), tried as (
      select m.id, m.attempts + (m.id <> mine.id)::int as tries
      from mine join webhook_messages m on m.id = mine.id
        or (${failure.unreachable} and m.subscription_id = ${claimed.subscription_id}
          and m.state = 'waiting' and m.next_try_at <= now())
    ), judged as (
      select id, tries, (${tx.array([...waits])}::float8[])[tries] as wait from tried
    )
    update webhook_messages m
    set attempts = tries, leased_until = null,
      state = case when wait is null then 'parked' else 'waiting' end,
      finished_at = case when wait is null then now() end,
      next_try_at = now() + make_interval(secs =>
        greatest(coalesce(wait, 0) * ${factor}::float8, ${failure.waitAtLeast}::float8)),
      status = ${failure.status}, error = concat_ws(': ', ${failure.error}::text, nullif(${failure.note}, ''))
    from judged where m.id = judged.id
    returning m.id, m.state, (select type from events e where e.id = m.event_id) as event_type`
  if (rows.length > 0 && failure.waitAtLeast > 0) {
    await tx`
      update webhook_messages m
      set next_try_at = greatest(next_try_at, now() + make_interval(secs => ${failure.waitAtLeast}))
      where m.subscription_id = ${claimed.subscription_id} and m.state = 'waiting'`
  }
  return rows.filter(({ state }) => state === 'parked').sort((a, b) => a.id - b.id)
}

export interface Parked {
  id: number
  event_type: string
}
