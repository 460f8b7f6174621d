import { once } from 'node:events'
import { streamSSE } from 'hono/streaming'
import type { StoredEvent } from '../../core/entities/event.ts'
import { refuseArchived } from '../../services/event/archived.ts'
import { endOfStream } from '../../store/events.ts'
import { type App, newApp, type Surface } from '../app.ts'
import { readStreamQuery } from './filter.ts'
import { whileValid } from './still-valid.ts'

const heartbeatEvery = 15_000
/** An event of its own, which a page hears: silence tells it that the connection is dead. */
const stillHere = 'event: heartbeat\ndata:\n\n'
/** A client with this many events unread is cut off; it comes back with its cursor. */
const maxUnread = 10_000

/** `GET /events/stream`: events as they commit, resumable with `Last-Event-ID`. */
export function eventStream({ feed, authenticate, runtime }: Surface): App {
  const app = newApp()
  app.get('/events/stream', async (c) => {
    const lastEventId = c.req.header('Last-Event-ID')
    const { filter, after } = await readStreamQuery(runtime.db, c.req.query(), lastEventId)
    if (after !== null) await refuseArchived(runtime.db, after)
    // Known before the answer begins: who sees it open and then reads the board misses nothing.
    const from = after ?? (await endOfStream(runtime.db))
    c.header('X-Accel-Buffering', 'no')
    return streamSSE(c, async (stream) => {
      const ending = new AbortController()
      const ended = once(ending.signal, 'abort')
      // Aborting frees a write that a client who reads nothing has left hanging.
      ending.signal.addEventListener('abort', () => stream.abort())
      stream.onAbort(() => ending.abort())
      const stopChecking = whileValid(c, authenticate, () => ending.abort())
      const heartbeat = setInterval(() => void stream.write(stillHere), heartbeatEvery)
      let unread = 0
      try {
        await stream.write(': welcome\n\n')
        const send = async (event: StoredEvent) => {
          if (unread++ >= maxUnread) ending.abort()
          await stream.writeSSE({ id: event.cursor, data: JSON.stringify(event) })
          unread--
        }
        await feed.follow([filter], from, send, ending.signal)
        await ended
      } finally {
        ending.abort()
        clearInterval(heartbeat)
        stopChecking()
      }
    })
  })
  return app
}
