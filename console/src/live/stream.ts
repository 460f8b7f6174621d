import type { StoredEvent } from '../api/types.ts'

/** What of an EventSource is used; a test gives its own. */
export interface Source {
  addEventListener(type: 'open' | 'error', listener: () => void): void
  addEventListener(
    type: 'message',
    listener: (message: { data: string; lastEventId: string }) => void,
  ): void
  /** 2 when it has given up, such as after an answer other than 200. */
  readonly readyState: number
  close(): void
}

export type LiveState = 'connecting' | 'live' | 'reconnecting'

export interface StreamOptions {
  /** Opens a source that replays what came after `cursor`; without one it begins now. */
  open: (cursor: string | undefined) => Source
  onState: (state: LiveState) => void
  onEvent: (event: StoredEvent) => void
  /** After every (re)connection: what was read before it may be out of date. */
  onOpen: () => void
  /** Runs `task` after `ms`; answers how to cancel that. */
  later?: (task: () => void, ms: number) => () => void
}

const closed = 2
const firstWait = 500
const longestWait = 10_000

const byTimer = (task: () => void, ms: number) => {
  const timer = setTimeout(task, ms)
  return () => clearTimeout(timer)
}

/**
 * Follows the stream until told to stop. A source reconnects by itself after a lost connection;
 * where it gives up, a new one resumes after the last event seen, with growing pauses.
 */
export function follow(options: StreamOptions): () => void {
  const { open, onState, onEvent, onOpen, later = byTimer } = options
  let source: Source | undefined
  let cursor: string | undefined
  let wait = firstWait
  let cancel: (() => void) | undefined

  const connect = () => {
    const current = open(cursor)
    source = current
    current.addEventListener('open', () => {
      wait = firstWait
      onState('live')
      onOpen()
    })
    current.addEventListener('message', ({ data, lastEventId }) => {
      if (lastEventId !== '') cursor = lastEventId
      onEvent(JSON.parse(data) as StoredEvent)
    })
    current.addEventListener('error', () => {
      onState('reconnecting')
      if (current.readyState !== closed) return
      current.close()
      cancel = later(connect, wait)
      wait = Math.min(wait * 2, longestWait)
    })
  }

  onState('connecting')
  connect()
  return () => {
    cancel?.()
    source?.close()
  }
}
