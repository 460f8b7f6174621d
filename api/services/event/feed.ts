import type { Logger } from 'pino'
import type { StoredEvent } from '../../core/entities/event.ts'
import type { EventFilter } from '../../core/events/filter.ts'
import type { Database } from '../../store/database.ts'
import { type Cursor, endOfStream, readEvents } from '../../store/events.ts'
import { listenForEvents } from '../../store/listen.ts'
import { outageLog } from '../outage-log.ts'
import { refuseArchived } from './archived.ts'

const pageSize = 500

/** One reader of the stream per process, however many people watch. */
export interface Feed {
  /**
   * Sends every event that matches one of the filters, in stream order, each once: those after
   * `after` from the table, then new ones as they commit. Without `after`, new ones alone.
   * Ends by itself where `signal` says so, whatever it is doing.
   */
  follow(
    filters: readonly EventFilter[],
    after: Cursor | null,
    send: Send,
    signal: AbortSignal,
  ): Promise<Subscription>
  close(): Promise<void>
}
export type Send = (event: StoredEvent) => void | Promise<void>
export interface Subscription {
  /** Everything that matches was sent up to here. */
  readonly seen: Cursor
}

interface Follower {
  filters: readonly EventFilter[]
  /** Everything up to here was sent. */
  seen: Cursor
  /** Live events that came while older ones were still being read; null once caught up. */
  waiting: StoredEvent[] | null
  send: Send
}

export function createFeed(db: Database, log: Logger): Feed {
  const followers = new Set<Follower>()
  const outcome = outageLog(log, 'reading the event stream')
  let head: Cursor | null = null
  let hinted = false
  let reading: Promise<void> | null = null
  let unlisten: Promise<() => Promise<void>> | null = null

  const readOn = async () => {
    while (hinted && head !== null) {
      hinted = false
      const events: StoredEvent[] = await readEvents(db, [{}], { from: head, limit: pageSize })
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
      .then(outcome.worked, outcome.failed)
      .finally(() => {
        reading = null
        if (hinted) wake()
      })
  }

  return {
    async follow(filters, after, send, signal) {
      unlisten ??= listenForEvents(db, wake)
      await unlisten
      const end = await endOfStream(db)
      const follower: Follower = { filters, seen: after ?? end, waiting: [], send }
      if (signal.aborted) return follower
      // Nobody reads while nobody follows, so the head has been left behind.
      if (followers.size === 0) head = end
      followers.add(follower)
      signal.addEventListener('abort', () => followers.delete(follower), { once: true })
      try {
        if (after !== null) await catchUp(db, follower, signal)
      } catch (error) {
        followers.delete(follower)
        throw error
      }
      const waiting = follower.waiting ?? []
      follower.waiting = null
      for (const event of waiting) offer(follower, event)
      wake()
      return follower
    },
    async close() {
      followers.clear()
      await (await unlisten)?.()
      await reading
    },
  }
}

async function catchUp(db: Database, follower: Follower, signal: AbortSignal): Promise<void> {
  for (;;) {
    const events = await readEvents(db, follower.filters, { from: follower.seen, limit: pageSize })
    await refuseArchived(db, follower.seen)
    for (const event of events) {
      if (signal.aborted) return
      await follower.send(event)
      follower.seen = { ...cursorOf(event), past: follower.seen.past }
    }
    if (events.length < pageSize) return
  }
}

function offer(follower: Follower, event: StoredEvent): void {
  if (!follower.filters.some((filter) => matches(filter, event))) return
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
  Object.entries(filter).every(([field, value]) => {
    const told = event[field as keyof StoredEvent]
    return value === undefined || (Array.isArray(value) ? value.includes(told) : told === value)
  })

const cursorOf = (event: StoredEvent): Cursor => ({
  xid: event.cursor.slice(0, event.cursor.indexOf('-')),
  id: event.id,
})

function isAfter(one: Cursor, other: Cursor): boolean {
  const [a, b] = [BigInt(one.xid), BigInt(other.xid)]
  return a === b ? one.id > other.id : a > b
}
