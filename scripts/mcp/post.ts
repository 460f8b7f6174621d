import { Agent, type ClientRequest, type IncomingMessage, request } from 'node:http'
import { Agent as TlsAgent, request as tlsRequest } from 'node:https'

export interface Answer {
  status: number
  type: string
  text: string
}

/** Nothing listens there, or what did went away and is not back yet. */
export class NoAnswer extends Error {
  override readonly name = 'NoAnswer'
}

const agents = { plain: new Agent({ keepAlive: true }), tls: new TlsAgent({ keepAlive: true }) }
/** Until a connection that broke is tried anew (ms): a service that restarts is back by then or not. */
const pause = 300

/** Sends a body over a connection that is kept. @throws NoAnswer; AbortError where it was taken back; TypeError where it cannot be sent */
export async function post(
  url: URL,
  headers: Record<string, string>,
  body: string,
  signal: AbortSignal,
): Promise<Answer> {
  try {
    return await once(url, headers, body, signal)
  } catch (error) {
    // Never sent: an address or a token that no request can carry.
    if (signal.aborted || error instanceof TypeError) throw error
    // Refused at once: nothing is there. Broken off: it may be back, and knows the call by its key.
    if (codeOf(error) === 'ECONNREFUSED') throw new NoAnswer('refused', { cause: error })
    await new Promise((resolve) => setTimeout(resolve, pause))
    return once(url, headers, body, signal).catch((again: unknown) => {
      if (signal.aborted) throw again
      throw new NoAnswer('broke off', { cause: again })
    })
  }
}

const codeOf = (error: unknown) =>
  error instanceof Error && 'code' in error ? String(error.code) : ''

function once(
  url: URL,
  headers: Record<string, string>,
  body: string,
  signal: AbortSignal,
): Promise<Answer> {
  const tls = url.protocol === 'https:'
  return new Promise((resolve, reject) => {
    const options = { method: 'POST', headers, signal }
    const outgoing: ClientRequest = tls
      ? tlsRequest(url, { ...options, agent: agents.tls })
      : request(url, { ...options, agent: agents.plain })
    outgoing.on('error', reject)
    outgoing.on('response', (incoming: IncomingMessage) => {
      const pieces: Buffer[] = []
      incoming.on('data', (piece: Buffer) => pieces.push(piece))
      incoming.on('error', reject)
      incoming.on('end', () =>
        resolve({
          status: incoming.statusCode ?? 0,
          type: incoming.headers['content-type'] ?? '',
          text: Buffer.concat(pieces).toString('utf8'),
        }),
      )
    })
    outgoing.end(body)
  })
}
