import type { Tx } from './database.ts'
import { pruneMessages } from './webhook-messages.ts'

/** Takes the house's keys for this transaction; false where another process is at it. */
export async function takeHouse(tx: Tx): Promise<boolean> {
  const [row] = await tx<{ taken: boolean }[]>`
    select pg_try_advisory_xact_lock(hashtextextended('devgodzilla housekeeping', 0)) as taken`
  return row?.taken ?? false
}

/** Rows that one statement removes at most, so that none holds up the stream for long. */
const atOnce = 5000

/** What nobody will ask for again; each answers how many rows went. */
export const sweeps: Record<string, (tx: Tx) => Promise<number>> = {
  // A client repeats a request within minutes; a day more is for one that was switched off.
  idempotency_keys: async (tx) => {
    const gone = await tx`
      delete from idempotency_keys where ctid in (
        select ctid from idempotency_keys where created_at < now() - interval '48 hours'
        limit ${atOnce})`
    return gone.count
  },
  login_codes: async (tx) => (await tx`delete from login_codes where expires_at < now()`).count,
  // Sessions of the console alone: tokens that somebody made stay to be seen.
  sessions: async (tx) => {
    const gone = await tx`
      delete from api_tokens
      where name = 'console' and expires_at < now() - interval '1 day'`
    return gone.count
  },
  // Whoever sends the same delivery again does so within days.
  webhook_deliveries: async (tx) => {
    const gone = await tx`
      delete from webhook_deliveries where ctid in (
        select ctid from webhook_deliveries where received_at < now() - interval '90 days'
        limit ${atOnce})`
    return gone.count
  },
  webhook_messages: (tx) => pruneMessages(tx, atOnce),
  alerts: async (tx) => {
    const gone = await tx`
      delete from alerts where coalesce(cleared_at, raised_at) < now() - interval '90 days'`
    return gone.count
  },
}
