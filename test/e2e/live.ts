import { setTimeout as sleep } from 'node:timers/promises'
import { WebSocket } from 'ws'
import type { StoredEvent } from '../../api/core/entities/event.ts'

/** A watcher of the live stream, as the console is one. */
export interface Watcher {
  events: StoredEvent[]
  /** The first event that satisfies, seen already or within two seconds; what the seed promises. */
  sees(wanted: (event: StoredEvent) => boolean): Promise<StoredEvent>
  close(): void
}

export async function watchSocket(url: string, token: string, room: string): Promise<Watcher> {
  const events: StoredEvent[] = []
  const socket = new WebSocket(`${url.replace('http', 'ws')}/ws`, {
    headers: { Authorization: `Bearer ${token}` },
  })
  const subscribed = new Promise<void>((resolve, reject) => {
    socket.once('error', reject)
    socket.once('open', () => socket.send(JSON.stringify({ type: 'subscribe', rooms: [room] })))
    socket.on('message', (data) => {
      const message = JSON.parse(String(data))
      if (message.type === 'subscribed') resolve()
      if (message.type === 'event') events.push(message.event)
    })
  })
  await subscribed
  return watcher(events, () => socket.close())
}

export async function watchStream(url: string, token: string, query: string): Promise<Watcher> {
  const events: StoredEvent[] = []
  const abort = new AbortController()
  const response = await fetch(`${url}/events/stream?${query}`, {
    headers: { Authorization: `Bearer ${token}` },
    signal: abort.signal,
  })
  const reading = (async () => {
    let text = ''
    for await (const part of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
      text += part
      const frames = text.split('\n\n')
      text = frames.pop() ?? ''
      for (const frame of frames) {
        const data = /^data: ?(.*)$/m.exec(frame)?.[1]
        if (data !== undefined) events.push(JSON.parse(data))
      }
    }
  })()
  reading.catch((error: unknown) => {
    if (!abort.signal.aborted) throw error
  })
  return watcher(events, () => abort.abort())
}

function watcher(events: StoredEvent[], close: () => void): Watcher {
  return {
    events,
    close,
    async sees(wanted) {
      const deadline = Date.now() + 2000
      for (;;) {
        const found = events.find(wanted)
        if (found) return found
        if (Date.now() > deadline) {
          const seen = events.map(({ type, entity_id }) => `${type} ${entity_id}`).join(', ')
          throw new Error(`the event was not seen within 2 s; seen were: ${seen}`)
        }
        await sleep(5)
      }
    },
  }
}
