import type { StoredEvent } from '../api/types.ts'
import { type Batch, batch } from './batch.ts'
import { byTimer, follow, type Later, type LiveState, type Source, type Stream } from './stream.ts'

/** What a page follows; an event must fit every part that is named. */
export interface EventFilter {
  project_id?: number | undefined
  sprint_id?: number | undefined
  protocol_run_id?: number | undefined
  entity_type?: string | undefined
  entity_id?: number | undefined
  /** Families or whole types: `['task', 'sprint.completed']`. */
  types?: readonly string[] | undefined
}

export function fits(event: StoredEvent, { types, ...parts }: EventFilter): boolean {
  for (const name of Object.keys(parts) as (keyof typeof parts)[]) {
    if (parts[name] !== undefined && parts[name] !== event[name]) return false
  }
  return types?.some((type) => event.type === type || event.type.startsWith(`${type}.`)) ?? true
}

export interface Subscriber {
  /** Asked at every event: a page's filter may change. */
  filter: () => EventFilter | null
  onEvents: (events: StoredEvent[]) => void
  /** What was read before may be out of date. */
  onOpen: () => void
}

export interface LiveStatus {
  state: LiveState
  /** Since when nothing is heard of the server, in ms since 1970; null while it is heard. */
  since: number | null
}

/** What tabs of one browser tell each other. */
export type Message =
  | { kind: 'hello' }
  | { kind: 'here'; state: LiveState; cursor: string | undefined }
  | { kind: 'state'; state: LiveState }
  | { kind: 'opened' }
  | { kind: 'events'; events: StoredEvent[] }

export interface TabsMember {
  /** This tab has the connection from now on, and tells the others what it hears. */
  lead(tell: (message: Message) => void): void
  yield(): void
  hear(message: Message): void
  place(): { state: LiveState; cursor: string | undefined }
}

export interface Tabs {
  leave(): void
}

export interface HubOptions {
  open: (cursor: string | undefined) => Source
  tabs: (member: TabsMember) => Tabs
  later?: Later
  now?: () => number
}

export interface Start {
  /** A place in the stream before which nothing that is shown was read. */
  from?: string | undefined
  /** The server answered, but with something else than the stream. */
  onRefused: () => void
}

const batchMs = 80
/** A page that begins to listen is told when something it shows happened this shortly before. */
const recently = 60_000
const mostRecent = 1_000
const longAway = 5 * 60_000

/**
 * The one stream of a window. Tabs of a browser share one connection, for it gives each server six
 * of them: one tab leads, has the connection, and tells the others what it hears.
 */
export function createHub({ open, tabs, later = byTimer, now = Date.now }: HubOptions) {
  const subscribers = new Set<Subscriber>()
  const watchers = new Set<() => void>()
  let status: LiveStatus = { state: 'connecting', since: null }
  let cursor: string | undefined
  let heard = 0
  let onRefused = () => {}
  let recent: { event: StoredEvent; at: number }[] = []
  let seen = new Set<number>()
  let stream: Stream | undefined
  let gathered: Batch<StoredEvent> | undefined

  const setState = (state: LiveState) => {
    if (status.state === state) return
    const since = state === 'reconnecting' ? now() : null
    status = { state, since }
    for (const changed of watchers) changed()
  }
  const opened = () => {
    for (const { onOpen } of subscribers) onOpen()
  }
  const deliver = (given: StoredEvent[]) => {
    // Two leaders in succession may tell one event twice.
    const events = given.filter(({ id }) => !seen.has(id))
    const last = events.at(-1)
    if (last === undefined) return
    cursor = last.cursor
    const at = now()
    recent = [...recent, ...events.map((event) => ({ event, at }))].slice(-mostRecent)
    seen = new Set(recent.map(({ event }) => event.id))
    for (const { filter, onEvents } of subscribers) {
      const wanted = filter()
      const fitting = wanted === null ? [] : events.filter((event) => fits(event, wanted))
      if (fitting.length > 0) onEvents(fitting)
    }
  }

  const member: TabsMember = {
    lead(tell) {
      const handle = (events: StoredEvent[]) => {
        deliver(events)
        tell({ kind: 'events', events })
      }
      gathered = batch(handle, batchMs)
      let first = true
      stream = follow({
        // After a long absence reading again is less than everything that happened.
        open: (after) => open(now() - heard > longAway ? undefined : after),
        cursor: now() - heard > longAway ? undefined : cursor,
        later,
        onState: (state) => {
          // A tab that takes over from another one says nothing until it fails to.
          if (state !== 'connecting') setState(state)
          tell({ kind: 'state', state: status.state })
        },
        onEvent: gathered.add,
        onAlive: () => {
          heard = now()
          tell({ kind: 'state', state: status.state })
        },
        onOpen: (resumed) => {
          const nothingMissed = first && resumed
          first = false
          if (nothingMissed) return
          opened()
          tell({ kind: 'opened' })
        },
        onRefused: () => onRefused(),
      })
    },
    yield() {
      stream?.stop()
      stream = undefined
      gathered?.stop()
    },
    hear(message) {
      heard = now()
      if (message.kind === 'events') deliver(message.events)
      if (message.kind === 'opened') opened()
      if (message.kind === 'state') setState(message.state)
      if (message.kind === 'here') {
        setState(message.state)
        if (cursor !== undefined && message.cursor !== cursor) opened()
        cursor = message.cursor ?? cursor
      }
    },
    place: () => ({ state: status.state, cursor }),
  }
  let taking: Tabs | undefined

  return {
    start(given: Start) {
      if (taking) return
      cursor = given.from
      heard = now()
      onRefused = given.onRefused
      taking = tabs(member)
    },
    stop() {
      taking?.leave()
      taking = undefined
      cursor = undefined
      recent = []
      setState('connecting')
    },
    /** The connection may be dead without anybody having said so, as after a sleep. */
    again() {
      stream?.again()
    },
    subscribe(subscriber: Subscriber): () => void {
      subscribers.add(subscriber)
      const wanted = subscriber.filter()
      const after = now() - recently
      if (wanted && recent.some(({ event, at }) => at > after && fits(event, wanted))) {
        subscriber.onOpen()
      }
      return () => subscribers.delete(subscriber)
    },
    watch(changed: () => void): () => void {
      watchers.add(changed)
      return () => watchers.delete(changed)
    },
    status: () => status,
  }
}

export type Hub = ReturnType<typeof createHub>
