import type { StoredEvent } from '../api/types.ts'

/** What of an EventSource is used; a test gives its own. */
export interface Source {
  addEventListener(type: 'open' | 'error' | 'heartbeat', listener: () => void): void
  addEventListener(
    type: 'message',
    listener: (message: { data: string; lastEventId: string }) => void,
  ): void
  /** 2 when it has given up, such as after an answer other than 200. */
  readonly readyState: number
  close(): void
}

export type LiveState = 'connecting' | 'live' | 'reconnecting'

/** Runs `task` after `ms`; answers how to cancel that. */
export type Later = (task: () => void, ms: number) => () => void

export const byTimer: Later = (task, ms) => {
  const timer = setTimeout(task, ms)
  return () => clearTimeout(timer)
}

export interface StreamOptions {
  /** Opens a source that replays what came after `cursor`; without one it begins now. */
  open: (cursor: string | undefined) => Source
  /** The last event seen before, where there is one. */
  cursor?: string | undefined
  onState: (state: LiveState) => void
  onEvent: (event: StoredEvent) => void
  /** After every (re)connection. `resumed` when nothing was missed since `cursor`. */
  onOpen: (resumed: boolean) => void
  /** The server gives a sign of life, with or without an event. */
  onAlive?: () => void
  /** The server answered, but with something else than the stream. */
  onRefused?: () => void
  later?: Later
}

export interface Stream {
  stop(): void
  /** Connects anew now; for when the connection may be dead without anybody having said so. */
  again(): void
}

const givenUp = 2
const firstWait = 500
const longestWait = 5_000
/** The server says something every 15 s. */
const longestSilence = 40_000

/** Follows the stream until told to stop, resuming after the last event seen with growing pauses. */
export function follow(options: StreamOptions): Stream {
  const { open, onState, onEvent, onOpen, onAlive, onRefused, later = byTimer } = options
  let source: Source | undefined
  let { cursor } = options
  let wait = firstWait
  let cancelWait = () => {}
  let cancelWatch = () => {}

  const drop = () => {
    cancelWait()
    cancelWatch()
    source?.close()
  }
  const lost = () => {
    drop()
    onState('reconnecting')
    cancelWait = later(connect, wait)
    wait = Math.min(wait * 2, longestWait)
  }
  const alive = () => {
    cancelWatch()
    cancelWatch = later(lost, longestSilence)
    onAlive?.()
  }
  const connect = () => {
    const current = open(cursor)
    source = current
    current.addEventListener('open', () => {
      const resumed = cursor !== undefined
      wait = firstWait
      alive()
      onState('live')
      onOpen(resumed)
    })
    current.addEventListener('heartbeat', alive)
    current.addEventListener('message', ({ data, lastEventId }) => {
      if (lastEventId !== '') cursor = lastEventId
      alive()
      onEvent(JSON.parse(data) as StoredEvent)
    })
    current.addEventListener('error', () => {
      if (source !== current) return
      const refused = current.readyState === givenUp
      // The place may be one that the server no longer knows: what is shown is read again instead.
      if (refused) cursor = undefined
      lost()
      if (refused) onRefused?.()
    })
  }

  onState('connecting')
  connect()
  return {
    stop: () => {
      drop()
      source = undefined
    },
    again: () => {
      drop()
      wait = firstWait
      connect()
    },
  }
}
