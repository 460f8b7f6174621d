import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { onTestFinished } from 'vitest'
import type { ApiResource } from '../../../f/devgodzilla/lib/api.ts'

export interface Received {
  method: string
  path: string
  query: Record<string, string>
  headers: Record<string, string | string[] | undefined>
  body: unknown
}

export interface Reply {
  status?: number
  headers?: Record<string, string>
  body: unknown
}

export type Answer = (request: Received) => Reply | 'hang up'

/** An answer with this body. */
export const answer =
  (body: unknown): Answer =>
  () => ({ body })

/** A list of one page. */
export const listed = (items: unknown[]): Answer => answer({ items, next_cursor: null })

/** A refusal in the API's own form. */
export const problem = (status: number, more: object = {}): Answer => {
  const body = { type: 'about:blank', title: 'Refused', status, ...more }
  return () => ({ status, headers: { 'content-type': 'application/problem+json' }, body })
}

/** One answer after the other; the last one stays. */
export function inTurn(...answers: Answer[]): Answer {
  let nth = 0
  return (request) => {
    const next = answers[Math.min(nth++, answers.length - 1)]
    if (!next) throw new Error('inTurn needs an answer')
    return next(request)
  }
}

/**
 * Something that speaks as the API does, on loopback: `'GET /sprints/7'` → its answer. What is
 * not listed is answered with 404, and everything asked is kept.
 */
export async function apiThat(answers: Record<string, Answer>) {
  const received: Received[] = []
  const server = createServer(async (incoming, outgoing) => {
    const url = new URL(incoming.url ?? '/', 'http://api')
    const content = await text(incoming)
    const request: Received = {
      method: incoming.method ?? '',
      path: url.pathname,
      query: Object.fromEntries(url.searchParams),
      headers: incoming.headers,
      body: content === '' ? undefined : JSON.parse(content),
    }
    received.push(request)
    const known = answers[`${request.method} ${request.path}`]
    const reply = (known ?? problem(404, { detail: `There is no ${request.path}.` }))(request)
    if (reply === 'hang up') {
      incoming.socket.destroy()
      return
    }
    outgoing.writeHead(reply.status ?? 200, {
      'content-type': 'application/json',
      ...reply.headers,
    })
    outgoing.end(typeof reply.body === 'string' ? reply.body : JSON.stringify(reply.body))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const base_url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const api: ApiResource = { base_url, token: 'secret-of-the-flows' }
  return { api, received, changes: () => received.filter(({ method }) => method !== 'GET') }
}
