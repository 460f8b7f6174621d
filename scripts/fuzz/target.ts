import { Agent, request as httpRequest } from 'node:http'
import { gzipSync } from 'node:zlib'
import type { Json } from './operations.ts'

/** One request as it goes over the wire. */
export interface Shot {
  method: string
  /** Path and query, as they stand in the request line. */
  path: string
  headers: Record<string, string>
  body: Buffer | null
}

export interface Answer {
  status: number
  type: string
  /** Of JSON; else the text. */
  body: Json
}

/** Much longer than anything takes: who does not answer by then never will (ms). */
const patience = 30_000
const agent = new Agent({ keepAlive: true, maxSockets: 1 })

/** Sends a request untouched. @throws where nothing comes back */
export async function send(url: string, token: string, shot: Shot): Promise<Answer> {
  try {
    return await once(url, token, shot)
  } catch (error) {
    // The other side may have closed an idle connection just then; a new one settles it.
    if (error instanceof ClosedBefore) return once(url, token, shot)
    throw error
  }
}

class ClosedBefore extends Error {}

function once(url: string, token: string, shot: Shot): Promise<Answer> {
  const { hostname, port } = new URL(url)
  const headers = { Authorization: `Bearer ${token}`, ...shot.headers }
  const chunked = 'Transfer-Encoding' in headers
  return new Promise((resolve, reject) => {
    const outgoing = httpRequest({
      hostname,
      port,
      agent,
      method: shot.method,
      path: shot.path,
      headers:
        shot.body === null || chunked
          ? headers
          : { ...headers, 'Content-Length': String(shot.body.length) },
      signal: AbortSignal.timeout(patience),
    })
    outgoing.on('error', (error: NodeJS.ErrnoException) => {
      const closed = outgoing.reusedSocket && error.code === 'ECONNRESET'
      reject(closed ? new ClosedBefore(error.message, { cause: error }) : error)
    })
    outgoing.on('response', async (incoming) => {
      const { statusCode: status = 0 } = incoming
      const type = (incoming.headers['content-type'] ?? '').split(';')[0] ?? ''
      if (type === 'text/event-stream') {
        outgoing.destroy()
        resolve({ status, type, body: '' })
        return
      }
      try {
        const text = Buffer.concat(await incoming.toArray()).toString()
        resolve({ status, type, body: type.endsWith('json') ? JSON.parse(text) : text })
      } catch (error) {
        reject(error)
      }
    })
    outgoing.end(shot.body)
  })
}

const quoted = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`
const isPlain = (text: string) => /^[\x20-\x7e\n]*$/.test(text)

/** The same request as a line for a shell; the token is left to the reader. */
export function curlOf(url: string, { method, path, headers, body }: Shot): string {
  const parts = ['curl -g --path-as-is -i -X', method, quoted(url + path)]
  parts.push('-H "Authorization: Bearer $TOKEN"')
  for (const [name, value] of Object.entries(headers)) {
    parts.push('-H', isPlain(value) ? quoted(`${name}: ${value}`) : `$'${name}: ${escaped(value)}'`)
  }
  if (body === null) return parts.join(' ')
  const text = body.toString()
  if (text.length < 2000 && isPlain(text)) return [...parts, '--data-raw', quoted(text)].join(' ')
  const packed = gzipSync(body).toString('base64')
  return `echo ${packed} | base64 -d | gunzip | ${parts.join(' ')} --data-binary @-`
}

const escaped = (text: string) =>
  [...Buffer.from(text, 'latin1')].map((it) => `\\x${it.toString(16).padStart(2, '0')}`).join('')
