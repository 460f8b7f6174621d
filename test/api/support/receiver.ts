import { createHmac } from 'node:crypto'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { eventually, type Json } from '../../support/api.ts'

export interface Received {
  id: string
  /** Unix seconds. */
  timestamp: number
  signatures: string[]
  headers: Record<string, string | string[] | undefined>
  text: string
  body: Json
}

export interface Receiver {
  url: string
  received: Received[]
  /** How the next ones are answered; 200 until it is said otherwise. */
  answer: (received: Received, response: ServerResponse) => void
  /** Waits until so many came. */
  count(wanted: number): Promise<Received[]>
  close(): Promise<void>
}

/** A program of somebody else's that takes webhooks, on 127.0.0.1. */
export async function startReceiver(port = 0): Promise<Receiver> {
  const received: Received[] = []
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    const text = Buffer.concat(chunks).toString('utf8')
    const { headers } = request
    const one = {
      id: String(headers['webhook-id']),
      timestamp: Number(headers['webhook-timestamp']),
      signatures: String(headers['webhook-signature']).split(' '),
      headers,
      text,
      body: JSON.parse(text),
    }
    received.push(one)
    receiver.answer(one, response)
  })
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  const receiver: Receiver = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook/s3cr3t-path`,
    received,
    answer: (_, response) => response.end('ok'),
    count: (wanted) =>
      eventually(
        async () => received,
        (all) => all.length >= wanted,
      ),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
  return receiver
}

export const answering =
  (status: number, headers: Record<string, string> = {}, body = ''): Receiver['answer'] =>
  (_, response) =>
    response.writeHead(status, headers).end(body)

/** Whether a message was signed with a secret, worked out anew after the published scheme. */
export function isSigned({ id, timestamp, text, signatures }: Received, secret: string): boolean {
  const key = Buffer.from(secret.slice('whsec_'.length), 'base64')
  const code = createHmac('sha256', key).update(`${id}.${timestamp}.${text}`).digest('base64')
  return signatures.includes(`v1,${code}`)
}
