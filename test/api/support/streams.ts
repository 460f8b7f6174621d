import WebSocket from 'ws'
import { eventually, type Json } from '../../support/api.ts'

export interface EventStream {
  readonly status: number
  readonly events: { id: string; event: Json }[]
  readonly ended: boolean
  until(count: number): Promise<void>
  close(): void
}

/** Reads Server-Sent Events as a browser would. */
export async function openStream(
  url: string,
  headers: Record<string, string>,
): Promise<EventStream> {
  const abort = new AbortController()
  const response = await fetch(url, { headers, signal: abort.signal })
  const stream = { status: response.status, events: [] as EventStream['events'], ended: false }
  const read = async () => {
    let buffer = ''
    const decoder = new TextDecoder()
    for await (const chunk of response.body ?? []) {
      buffer += decoder.decode(chunk, { stream: true })
      const parts = buffer.split('\n\n')
      buffer = parts.pop() ?? ''
      for (const part of parts) {
        const field = (name: string) =>
          part
            .split('\n')
            .find((line) => line.startsWith(`${name}: `))
            ?.slice(name.length + 2)
        const data = field('data')
        if (data) stream.events.push({ id: field('id') ?? '', event: JSON.parse(data) })
      }
    }
  }
  read()
    .catch(() => {})
    .finally(() => {
      stream.ended = true
    })
  return Object.assign(stream, {
    until: async (count: number) => {
      await eventually(
        async () => stream.events.length,
        (length) => length >= count,
      )
    },
    close: () => abort.abort(),
  })
}

export interface Socket {
  readonly messages: Json[]
  readonly closed: number | null
  readonly raw: WebSocket
  events(): Json[]
  send(value: unknown): void
  until(satisfied: (messages: Json[]) => boolean): Promise<void>
}

export function openSocket(url: string, headers: Record<string, string>): Promise<Socket> {
  const raw = new WebSocket(url.replace('http', 'ws'), { headers })
  const state = { messages: [] as Json[], closed: null as number | null, raw }
  raw.on('message', (data) => state.messages.push(JSON.parse(String(data))))
  raw.on('close', (code) => {
    state.closed = code
  })
  const socket: Socket = Object.assign(state, {
    events: () => state.messages.filter((it) => it.type === 'event').map((it) => it.event),
    send: (value: unknown) => raw.send(typeof value === 'string' ? value : JSON.stringify(value)),
    until: async (satisfied: (messages: Json[]) => boolean) => {
      await eventually(async () => state.messages, satisfied)
    },
  })
  return new Promise((resolve, reject) => {
    raw.once('open', () => resolve(socket))
    raw.once('error', reject)
    raw.once('unexpected-response', (_, response) => {
      reject(new Error(`upgrade refused: ${response.statusCode}`))
    })
  })
}
