import { upgradeWebSocket } from '@hono/node-server'
import { DomainError } from '../../core/errors.ts'
import type { Subscription } from '../../services/event/feed.ts'
import { type App, newApp, type Surface } from '../app.ts'
import { readSubscription } from './filter.ts'
import { whileValid } from './still-valid.ts'

/** A client this far behind is cut off; it comes back with its cursor and loses nothing. */
const maxBuffered = 8 * 1024 * 1024

/**
 * `GET /ws`: rooms by sprint, project or run. A client sends
 * `{"type":"subscribe","rooms":["sprint:12"],"after":"<cursor>"}` and gets
 * `{"type":"subscribed",…}`, then `{"type":"event","event":…}` for each event.
 */
export function webSocket({ feed, authenticate }: Surface): App {
  const app = newApp()
  app.get(
    '/ws',
    upgradeWebSocket((c) => {
      const subscriptions: Subscription[] = []
      let stopChecking = () => {}
      return {
        onOpen(_, socket) {
          stopChecking = whileValid(c, authenticate, () => socket.close(4401, 'token invalid'))
        },
        async onMessage(message, socket) {
          const send = (value: unknown) => {
            const raw = socket.raw as { bufferedAmount?: number } | undefined
            if ((raw?.bufferedAmount ?? 0) > maxBuffered) socket.close(1013, 'too slow')
            else socket.send(JSON.stringify(value))
          }
          try {
            const { rooms, filters, after } = readSubscription(String(message.data))
            for (const filter of filters) {
              const subscription = await feed.follow(filter, after, (event) =>
                send({ type: 'event', event }),
              )
              subscriptions.push(subscription)
            }
            send({ type: 'subscribed', rooms })
          } catch (error) {
            if (!(error instanceof DomainError)) {
              c.var.log.error({ err: error }, 'a subscription failed')
              socket.close(1011, 'internal error')
              return
            }
            const { rule, message: detail } = error
            send({ type: 'error', rule, detail })
          }
        },
        onClose() {
          stopChecking()
          for (const subscription of subscriptions) subscription.end()
        },
      }
    }),
  )
  return app
}
