import { type ClientRequest, type IncomingMessage, request as overHttp } from 'node:http'
import { request as overTls } from 'node:https'
import { noAnswer, type Result, resultOf } from '../../core/webhooks/tries.ts'
import type { Destination } from '../../services/webhook-subscription/destination.ts'

/** Of an answer's body no more is read, and of that the beginning kept. */
const readAtMost = 4096
const keptOfBody = 300

/**
 * Posts once, on a connection of its own, and judges what came of it; never throws. No redirect is
 * followed: it could lead where nothing may be sent.
 */
export async function post(
  url: URL,
  headers: Record<string, string>,
  body: string,
  { destination, signal }: { destination: Destination; signal: AbortSignal },
): Promise<Result> {
  // A literal address is not looked up by the connection.
  const fault = destination.faultOfLiteral(url)
  if (fault !== null) return noAnswer(fault, true)
  let connected = false
  try {
    const secure = url.protocol === 'https:'
    const request = (secure ? overTls : overHttp)(url, {
      method: 'POST',
      headers: { ...headers, 'Content-Length': String(Buffer.byteLength(body)) },
      agent: false,
      lookup: destination.lookup,
      signal,
    })
    request.once('socket', (socket) => {
      socket.once(secure ? 'secureConnect' : 'connect', () => {
        connected = true
      })
    })
    const answer = await answerTo(request, body)
    const retryAfter = answer.headers['retry-after']
    const note = await beginningOf(answer)
    return resultOf({ status: answer.statusCode ?? 0, retryAfter, note }, Date.now())
  } catch (error) {
    return noAnswer(signal.aborted ? 'no answer in time' : textOf(error), !connected)
  }
}

const answerTo = (request: ClientRequest, body: string) =>
  new Promise<IncomingMessage>((resolve, reject) => {
    request.once('response', resolve)
    // Stays: a connection may also break after its answer, which then stands.
    request.on('error', reject)
    // Whoever answers by another protocol (101) is hung up on without an error.
    request.once('close', () => reject(new Error('the connection ended without an answer')))
    request.end(body)
  })

/** What a person may read of the body; an answer that breaks off has said its status all the same. */
async function beginningOf(answer: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  let length = 0
  try {
    for await (const chunk of answer as AsyncIterable<Buffer>) {
      chunks.push(chunk)
      length += chunk.length
      if (length >= readAtMost) break
    }
  } catch {
    // Broken off: the status and what came of the body are enough.
  }
  answer.destroy()
  const text = Buffer.concat(chunks).subarray(0, readAtMost).toString('utf8')
  return text
    .replaceAll(/[\s\p{Cc}]+/gu, ' ')
    .trim()
    .slice(0, keptOfBody)
    .toWellFormed()
}

/** Connecting to several addresses of a name fails with one error for each. */
function textOf(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(textOf).join('; ')
  return error instanceof Error ? error.message : String(error)
}
