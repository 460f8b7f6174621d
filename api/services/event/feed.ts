import type { Logger } from 'pino'
import type { StoredEvent } from '../../core/entities/event.ts'
import type { Database } from '../../store/database.ts'
import { type Cursor, type EventFilter, endOfStream, readEvents } from '../../store/events.ts'
import { listenForEvents } from '../../store/listen.ts'

const pageSize = 500

/** One reader of the stream per process, however many people watch. */
export interface Feed {
  /**
   * Sends every event that matches, in stream order, each once: those after `after` from the
   * table, then new ones as they commit. Without `after`, new ones alone.
   */
  follow(filter: EventFilter, after: Cursor | null, send: Send): Promise<Subscription>
  close(): Promise<void>
}
export type Send = (event: StoredEvent) => void | Promise<void>
export interface Subscription {
  end(): void
}

interface Follower {
  filter: EventFilter
  /** Everything up to here was sent. */
  seen: Cursor
  /** Live events that came while older ones were still being read; null once caught up. */
  waiting: StoredEvent[] | null
  send: Send
}

export function createFeed(db: Database, log: Logger): Feed {
  const followers = new Set<Follower>()
  let head: Cursor | null = null
  let hinted = false
  let reading: Promise<void> | null = null
  let unlisten: Promise<() => Promise<void>> | null = null

  const readOn = async () => {
    while (hinted && head !== null) {
      hinted = false
      const events: StoredEvent[] = await readEvents(db, {}, head, pageSize)
      const last = events.at(-1)
      if (!last) continue
      head = cursorOf(last)
      hinted = true
      for (const event of events) for (const follower of followers) offer(follower, event)
    }
  }
  const wake = () => {
    if (followers.size === 0) return
    hinted = true
    reading ??= readOn()
      .catch((error: unknown) => log.error({ err: error }, 'reading the event stream failed'))
      .finally(() => {
        reading = null
        if (hinted) wake()
      })
  }

  return {
    async follow(filter, after, send) {
      unlisten ??= listenForEvents(db, wake)
      await unlisten
      head ??= await endOfStream(db)
      const follower: Follower = { filter, seen: after ?? head, waiting: [], send }
      followers.add(follower)
      if (after !== null) await catchUp(db, follower)
      const waiting = follower.waiting ?? []
      follower.waiting = null
      for (const event of waiting) offer(follower, event)
      wake()
      return { end: () => followers.delete(follower) }
    },
    async close() {
      followers.clear()
      await (await unlisten)?.()
      await reading
    },
  }
}

async function catchUp(db: Database, follower: Follower): Promise<void> {
  for (;;) {
    const events = await readEvents(db, follower.filter, follower.seen, pageSize)
    for (const event of events) {
      await follower.send(event)
      follower.seen = cursorOf(event)
    }
    if (events.length < pageSize) return
  }
}

function offer(follower: Follower, event: StoredEvent): void {
  if (!matches(follower.filter, event)) return
  if (follower.waiting) {
    follower.waiting.push(event)
    return
  }
  const cursor = cursorOf(event)
  if (!isAfter(cursor, follower.seen)) return
  follower.seen = cursor
  void follower.send(event)
}

const matches = (filter: EventFilter, event: StoredEvent) =>
  Object.entries(filter).every(
    ([field, value]) => value === undefined || event[field as keyof StoredEvent] === value,
  )

const cursorOf = (event: StoredEvent): Cursor => ({
  xid: event.cursor.slice(0, event.cursor.indexOf('-')),
  id: event.id,
})

function isAfter(one: Cursor, other: Cursor): boolean {
  const [a, b] = [BigInt(one.xid), BigInt(other.xid)]
  return a === b ? one.id > other.id : a > b
}
