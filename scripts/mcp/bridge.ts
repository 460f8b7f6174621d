import type { Readable, Writable } from 'node:stream'
import { apiTarget, CliError } from '../connect/target.ts'
import { lineReader } from './lines.ts'
import { type Message, readMessage } from './message.ts'
import { type Answer, NoAnswer, post } from './post.ts'

/** JSON-RPC's own, and one of those it leaves to servers. */
const codes = { parse: -32700, internal: -32603, away: -32000 }

/**
 * MCP over stdio: each line goes to the API's /mcp as it is, several at once, and its answer comes
 * back as a line. Nothing is kept here, so a restart of the API goes unnoticed between two calls.
 * Resolves when the input has ended and all is answered.
 */
export async function bridge(env: NodeJS.ProcessEnv, input: Readable, output: Writable) {
  const running = new Map<string | number, AbortController>()
  const open = new Set<Promise<void>>()
  const say = (line: string) => output.write(`${line}\n`)
  const fail = (id: Message['id'], code: number, message: string) =>
    say(JSON.stringify({ jsonrpc: '2.0', id, error: { code, message } }))

  const pass = async (line: string, { id, headers }: Message) => {
    const stop = new AbortController()
    if (id !== null) running.set(id, stop)
    try {
      const answer = await sent(env, line, headers, stop.signal)
      const told = refusalOf(answer)
      if (told !== null && id === null) console.error(told)
      else if (told !== null) fail(id, codes.internal, told)
      else if (answer.text.trim() !== '') say(oneLine(answer.text))
    } catch (error) {
      // Who takes a request back wants no answer to it.
      if (stop.signal.aborted) return
      const message = error instanceof Error ? error.message : String(error)
      if (id === null) console.error(message)
      else fail(id, codes.away, message)
    } finally {
      if (id !== null && running.get(id) === stop) running.delete(id)
    }
  }

  const read = lineReader((line) => {
    let message: Message
    try {
      message = readMessage(line)
    } catch (error) {
      fail(null, codes.parse, `This line is not JSON: ${String(error)}`)
      return
    }
    if (message.cancels !== null) {
      running.get(message.cancels)?.abort()
      return
    }
    const passing = pass(line, message).finally(() => open.delete(passing))
    open.add(passing)
  })
  for await (const chunk of input) read(chunk as Buffer)
  // The last line may come without its end.
  read(Buffer.from('\n'))
  await Promise.all(open)
}

async function sent(
  env: NodeJS.ProcessEnv,
  line: string,
  headers: Record<string, string>,
  signal: AbortSignal,
): Promise<Answer> {
  // Read anew each time: a service that was not set up yet has made its token by now.
  const target = await apiTarget(env)
  const all = {
    ...headers,
    Authorization: `Bearer ${target.token}`,
    'Content-Type': 'application/json',
    Accept: 'application/json, text/event-stream',
    'Content-Length': String(Buffer.byteLength(line)),
  }
  return post(new URL('/mcp', target.url), all, line, signal).catch((error: unknown) => {
    if (error instanceof TypeError) {
      throw new CliError(
        `This cannot be sent: ${error.message}. DEVGODZILLA_TOKEN must be one word.`,
        { cause: error },
      )
    }
    if (!(error instanceof NoAnswer)) throw error
    throw new CliError(
      `DevGodzilla does not answer at ${new URL(target.url).origin} (${target.named.by}). Start it with "devgodzilla start", or say with DEVGODZILLA_URL where it is; then call again.`,
      { cause: error },
    )
  })
}

/** What the API said at its door, before MCP: no token, too many requests, too large. */
function refusalOf({ status, type, text }: Answer): string | null {
  if (status < 400) return null
  if (type.startsWith('application/json')) return null
  try {
    const { detail } = JSON.parse(text) as { detail?: string }
    if (detail) return detail
  } catch {
    // Something else than the API answers there; what it says is all there is to tell.
  }
  return `HTTP ${status}: ${text.slice(0, 500)}`
}

/** A line must not break within. */
const oneLine = (text: string) => (/[\r\n]/.test(text) ? JSON.stringify(JSON.parse(text)) : text)
