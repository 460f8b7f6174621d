import { upgradeWebSocket } from '@hono/node-server'
import type { WSContext } from 'hono/ws'
import type { WebSocket } from 'ws'
import type { StoredEvent } from '../../core/entities/event.ts'
import { DomainError } from '../../core/errors.ts'
import type { Subscription } from '../../services/event/feed.ts'
import { type App, newApp, type Surface } from '../app.ts'
import { readSubscription } from './filter.ts'
import { whileValid } from './still-valid.ts'

/** A client this far behind is cut off; it comes back with its cursor and loses nothing. */
const maxBuffered = 8 * 1024 * 1024
/** Messages that may wait for their turn; a client that sends more than that is cut off. */
const maxWaiting = 100

/**
 * `GET /ws`: rooms by sprint, project or run. A client sends
 * `{"type":"subscribe","rooms":["sprint:12"],"after":"<cursor>"}` and gets
 * `{"type":"subscribed",…}`, then `{"type":"event","event":…}` for each event, once however many
 * of its rooms it is in. A later subscription takes the place of the one before, and goes on where
 * that one was unless it says `after`.
 */
export function webSocket({ feed, authenticate, runtime }: Surface): App {
  const app = newApp()
  app.get(
    '/ws',
    upgradeWebSocket((c) => {
      let stopChecking = () => {}
      let last: { subscription: Subscription | null; ending: AbortController } | null = null
      let ended = false
      const end = () => {
        ended = true
        stopChecking()
        last?.ending.abort()
      }

      const subscribe = async (message: string, socket: WSContext) => {
        if (ended) return
        const { rooms, filters, after } = await readSubscription(runtime.db, message)
        // The socket may have closed while the rooms were looked up.
        if (ended) return
        last?.ending.abort()
        const ending = new AbortController()
        const from = after ?? last?.subscription?.seen ?? null
        last = { subscription: null, ending }
        last.subscription = await feed.follow(
          filters,
          from,
          (event) => sendText(socket, textOf(event)),
          ending.signal,
        )
        void send(socket, { type: 'subscribed', rooms })
      }
      // One message after the other, so that the last one holds.
      let turn = Promise.resolve()
      let waiting = 0
      return {
        onOpen(_, socket) {
          stopChecking = whileValid(c, authenticate, () => socket.close(4401, 'token invalid'))
        },
        onMessage(message, socket) {
          if (ended) return
          if (waiting >= maxWaiting) {
            end()
            socket.close(1008, 'too many messages')
            return
          }
          waiting++
          turn = turn
            .then(() => subscribe(String(message.data), socket))
            .catch((error: unknown) => {
              if (error instanceof DomainError) {
                void send(socket, { type: 'error', rule: error.rule, detail: error.message })
                return
              }
              c.var.log.error({ err: error }, 'a subscription failed')
              socket.close(1011, 'internal error')
            })
            .finally(() => waiting--)
        },
        onClose: end,
      }
    }),
    (c) => {
      c.header('Upgrade', 'websocket')
      throw new DomainError('upgrade_required', 'websocket', 'Open this address as a WebSocket.')
    },
  )
  return app
}

const texts = new WeakMap<StoredEvent, Buffer>()

/** The message that tells of an event, written once however many are told. */
function textOf(event: StoredEvent): Buffer {
  const text = texts.get(event) ?? Buffer.from(JSON.stringify({ type: 'event', event }))
  texts.set(event, text)
  return text
}

const send = (socket: WSContext, value: unknown) =>
  sendText(socket, Buffer.from(JSON.stringify(value)))

/** Resolves when the message has left this process, so that a replay goes at the client's pace. */
async function sendText(socket: WSContext, text: Buffer): Promise<void> {
  const raw = socket.raw as WebSocket
  if (raw.bufferedAmount > maxBuffered) raw.close(1013, 'too slow')
  else await new Promise<void>((done) => raw.send(text, { binary: false }, () => done()))
}
