import type { Database } from './database.ts'

/** Polled this often in case a notification was lost with its connection. */
const pollEvery = 1000

/** What is announced: events, or messages for other systems. */
type Channel = 'events' | 'webhook_messages'

/**
 * Calls `onHint` when there may be something new: at once on a notification, else within a second.
 * The hint carries nothing; the tables tell. Answers a function that stops.
 */
export async function listenFor(
  db: Database,
  channel: Channel,
  onHint: () => void,
): Promise<() => Promise<void>> {
  const timer = setInterval(onHint, pollEvery)
  timer.unref()
  const subscription = await db.listen(channel, onHint, onHint)
  return async () => {
    clearInterval(timer)
    await subscription.unlisten()
  }
}

export const listenForEvents = (db: Database, onHint: () => void) => listenFor(db, 'events', onHint)
