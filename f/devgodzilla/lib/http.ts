import { request as overHttp } from 'node:http'
import { request as overHttps } from 'node:https'
import { text as textOf } from 'node:stream/consumers'

export interface HttpRequest {
  method: string
  headers: Record<string, string>
  body?: string
  /** For the whole of it, in milliseconds. */
  timeout: number
}

export interface HttpAnswer {
  status: number
  headers: Record<string, string | string[] | undefined>
  text: string
}

/** Nothing answered: refused, cut off, or too late. */
export class NoAnswer extends Error {
  override name = 'NoAnswer'
}

/**
 * One request; redirects are not followed, since they would carry the token to wherever they point.
 * @throws NoAnswer, or what is wrong with a request that cannot be made at all
 */
export async function ask(url: string, request: HttpRequest): Promise<HttpAnswer> {
  const { method, body, timeout } = request
  // Whoever does not say so may be sent anything compressed.
  const headers = { 'accept-encoding': 'identity', ...request.headers }
  const signal = AbortSignal.timeout(timeout)
  const answer = (namesProxy() ? byFetch : directly)(url, { method, headers, signal }, body)
  try {
    return await answer
  } catch (cause) {
    if (signal.aborted) throw new NoAnswer(`no answer within ${timeout} ms`, { cause })
    throw new NoAnswer(reasonOf(cause), { cause })
  }
}

interface Outgoing {
  method: string
  headers: Record<string, string>
  signal: AbortSignal
}

/**
 * Not by `fetch`: a step runs in a thread of its own, and there the first `fetch` costs more
 * processor time than all else the step does (it compiles a parser of its own).
 */
function directly(url: string, request: Outgoing, body: string | undefined): Promise<HttpAnswer> {
  const start = url.startsWith('https:') ? overHttps : overHttp
  const outgoing = start(url, request)
  return new Promise((resolve, reject) => {
    let answered = false
    outgoing.once('error', reject)
    // Without an error, too: when what answers wants to go on in another protocol.
    outgoing.once('close', () => {
      if (!answered) reject(new Error('the connection was closed without an answer'))
    })
    outgoing.once('response', (response) => {
      answered = true
      textOf(response).then(
        (text) => resolve({ status: response.statusCode ?? 0, headers: response.headers, text }),
        reject,
      )
    })
    outgoing.end(body)
  })
}

/** Bun, which Windmill's workers run, goes by way of a proxy in `fetch` alone. */
const namesProxy = () =>
  ['http_proxy', 'https_proxy', 'HTTP_PROXY', 'HTTPS_PROXY'].some((name) => process.env[name])

async function byFetch(
  url: string,
  request: Outgoing,
  body: string | undefined,
): Promise<HttpAnswer> {
  const response = await fetch(url, {
    ...request,
    redirect: 'manual',
    ...(body === undefined ? {} : { body }),
  })
  const { status, headers } = response
  return { status, headers: Object.fromEntries(headers), text: await response.text() }
}

/** `fetch` hides it in the cause; a host with several addresses refuses once for each. */
function reasonOf(error: unknown): string {
  const told = error instanceof Error && error.cause instanceof Error ? error.cause : error
  const [first] = told instanceof AggregateError ? told.errors : [told]
  return first instanceof Error ? first.message : String(first)
}
