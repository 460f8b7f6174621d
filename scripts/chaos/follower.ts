import { setTimeout as sleep } from 'node:timers/promises'
import type { Whereabouts } from './client.ts'

export interface Follower {
  /** Ids of the events it was sent, in the order in which they came. */
  seen: number[]
  reconnects: number
  stop(): Promise<void>
}

/** Watches every event over SSE from the very first, and comes back where it was cut off. */
export function followStream(where: () => Whereabouts): Follower {
  const abort = new AbortController()
  let last = '0-0'
  const follower: Follower = {
    seen: [],
    reconnects: 0,
    async stop() {
      abort.abort()
      await following
    },
  }

  async function readOnce(): Promise<void> {
    const response = await fetch(`${where().url}/events/stream`, {
      headers: { Authorization: `Bearer ${where().token}`, 'Last-Event-ID': last },
      signal: abort.signal,
    })
    if (!response.ok || !response.body) throw new Error(`the stream answered ${response.status}`)
    let text = ''
    for await (const part of response.body.pipeThrough(new TextDecoderStream())) {
      text += part
      const frames = text.split('\n\n')
      text = frames.pop() ?? ''
      for (const frame of frames) {
        const id = /^id: ?(.*)$/m.exec(frame)?.[1]
        if (id === undefined) continue
        last = id
        follower.seen.push(Number(id.slice(id.indexOf('-') + 1)))
      }
    }
  }

  const following = (async () => {
    while (!abort.signal.aborted) {
      const cut = await readOnce().then(
        () => undefined,
        (error: unknown) => error,
      )
      // Being cut off is what this is about; what it costs shows in what was seen.
      if (cut !== undefined) await sleep(60)
      follower.reconnects += 1
    }
  })()
  return follower
}
