import type { Database } from './database.ts'

/** Polled this often in case a notification was lost with its connection. */
const pollEvery = 1000

/**
 * Calls `onHint` when there may be new events: at once on a notification, else within a second.
 * The hint carries nothing; the tables tell. Answers a function that stops.
 */
export async function listenForEvents(
  db: Database,
  onHint: () => void,
): Promise<() => Promise<void>> {
  const timer = setInterval(onHint, pollEvery)
  timer.unref()
  const subscription = await db.listen('events', onHint, onHint)
  return async () => {
    clearInterval(timer)
    await subscription.unlisten()
  }
}
