import { streamSSE } from 'hono/streaming'
import type { Subscription } from '../../services/event/feed.ts'
import { type App, newApp, type Surface } from '../app.ts'
import { readStreamQuery } from './filter.ts'
import { whileValid } from './still-valid.ts'

const heartbeatEvery = 15_000

/** `GET /events/stream`: events as they commit, resumable with `Last-Event-ID`. */
export function eventStream({ feed, authenticate }: Surface): App {
  const app = newApp()
  app.get('/events/stream', (c) => {
    const { filter, after } = readStreamQuery(c.req.query(), c.req.header('Last-Event-ID'))
    c.header('X-Accel-Buffering', 'no')
    return streamSSE(c, async (stream) => {
      const ended = withResolvers()
      stream.onAbort(ended.resolve)
      const stopChecking = whileValid(c, authenticate, ended.resolve)
      const heartbeat = setInterval(() => void stream.write(': still here\n\n'), heartbeatEvery)
      let subscription: Subscription | undefined
      try {
        await stream.write(': welcome\n\n')
        subscription = await feed.follow(filter, after, (event) =>
          stream.writeSSE({ id: event.cursor, data: JSON.stringify(event) }),
        )
        await ended.promise
      } finally {
        subscription?.end()
        clearInterval(heartbeat)
        stopChecking()
      }
    })
  })
  return app
}

/** Node 20 has no Promise.withResolvers yet. */
function withResolvers() {
  let resolve: () => void = () => {}
  const promise = new Promise<void>((settle) => {
    resolve = settle
  })
  return { promise, resolve }
}
