import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useEffectEvent, useRef, useSyncExternalStore } from 'react'
import type { Me, StoredEvent } from '../api/types.ts'
import { sessionQuery } from '../session/session.ts'
import { createHub, type EventFilter, type LiveStatus } from './hub.ts'
import { takeTurns } from './tabs.ts'
import { onWake } from './wake.ts'

export const live = createHub({
  open: (cursor) =>
    new EventSource(`/events/stream${cursor ? `?after=${encodeURIComponent(cursor)}` : ''}`),
  tabs: takeTurns,
})

interface Following {
  onEvents: (events: StoredEvent[]) => void
  /** What was read before may be out of date: after a reconnection, for one. */
  onOpen: () => void
}

/**
 * Tells the page of the events that fit `filter`, a few at a time; of none while it is null. The
 * window has one stream for all of its pages.
 */
export function useEvents(filter: EventFilter | null, { onEvents, onOpen }: Following): void {
  const handleEvents = useEffectEvent(onEvents)
  const handleOpen = useEffectEvent(onOpen)
  const wanted = useEffectEvent(() => filter)
  const following = filter !== null
  useEffect(() => {
    if (!following) return
    return live.subscribe({
      filter: () => wanted(),
      onEvents: (events) => handleEvents(events),
      onOpen: () => handleOpen(),
    })
  }, [following])
}

export const useLiveStatus = (): LiveStatus => useSyncExternalStore(live.watch, live.status)

/** Keeps the window's stream open for whoever is signed in; used once, around all pages. */
export function useLiveStream(who: Me, ended: boolean): void {
  const client = useQueryClient()
  const fresh = useRef(true)
  const begin = useEffectEvent(() => {
    live.start({
      // Pages read only after the session is known; after one that ended they have to read again.
      from: fresh.current ? who.cursor : undefined,
      // It may be the session that has ended.
      onRefused: () => void client.invalidateQueries({ queryKey: sessionQuery.queryKey }),
    })
    if (!fresh.current) void client.invalidateQueries({ predicate: isNotSession })
    fresh.current = false
  })
  useEffect(() => {
    if (ended) return
    begin()
    const sleepless = onWake(live.again)
    return () => {
      sleepless()
      live.stop()
    }
  }, [ended])
}

const [session] = sessionQuery.queryKey
const isNotSession = ({ queryKey }: { queryKey: readonly unknown[] }) => queryKey[0] !== session
