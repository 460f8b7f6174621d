import { useEffect, useEffectEvent, useState } from 'react'
import { type Query, urlOf } from '../api/request.ts'
import type { StoredEvent } from '../api/types.ts'
import { batch } from './batch.ts'
import { follow, type LiveState } from './stream.ts'

const batchMs = 80
/** A hidden tab gives its connection back: browsers allow six per server. */
const hiddenMs = 60_000

interface Following {
  onEvents: (events: StoredEvent[]) => void
  onOpen: () => void
}

/** Follows the stream that `filter` names while the page is looked at. */
export function useStream(filter: Query, { onEvents, onOpen }: Following): LiveState {
  const [state, setState] = useState<LiveState>('connecting')
  const handleEvents = useEffectEvent(onEvents)
  const handleOpen = useEffectEvent(onOpen)
  const address = urlOf('/events/stream', filter)
  const joint = address.includes('?') ? '&' : '?'

  useEffect(() => {
    const gathered = batch<StoredEvent>((events) => handleEvents(events), batchMs)
    let stop: (() => void) | undefined
    let timer: ReturnType<typeof setTimeout> | undefined

    const begin = () => {
      stop ??= follow({
        open: (cursor) =>
          new EventSource(
            cursor ? `${address}${joint}after=${encodeURIComponent(cursor)}` : address,
          ),
        onState: setState,
        onEvent: gathered.add,
        onOpen: () => handleOpen(),
      })
    }
    const end = () => {
      stop?.()
      stop = undefined
    }
    const look = () => {
      clearTimeout(timer)
      if (document.hidden) timer = setTimeout(end, hiddenMs)
      else begin()
    }

    begin()
    look()
    document.addEventListener('visibilitychange', look)
    return () => {
      document.removeEventListener('visibilitychange', look)
      clearTimeout(timer)
      end()
      gathered.stop()
    }
  }, [address, joint])

  return state
}
