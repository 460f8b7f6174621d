import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { onTestFinished } from 'vitest'

/** What the model does in one turn: says something, uses a tool, answers an error, or nothing. */
export type Turn =
  | { say: string }
  | { use: string; input: object }
  | { status: number; message: string }
  | 'silence'

interface Asked {
  path: string
  key: string | undefined
  body: { model: string; tools?: { name?: string; type: string }[] }
}

/**
 * A stand-in for the model behind an agent, on loopback: it speaks Anthropic's Messages and
 * OpenAI's Responses, streaming, and answers turn by turn; the last one stays. Each turn costs 10
 * tokens read afresh, 5 from the cache, 2 into it, and 4 written.
 */
export async function modelThat(...turns: Turn[]) {
  const asked: Asked[] = []
  let nth = 0
  const server = createServer(async (incoming, outgoing) => {
    const path = (incoming.url ?? '').split('?')[0] ?? ''
    const body = (JSON.parse((await text(incoming)) || '{}') ?? {}) as Asked['body']
    const { authorization, 'x-api-key': key } = incoming.headers
    if (!/\/(messages|responses)$/.test(path)) {
      outgoing.writeHead(404).end('{}')
      return
    }
    asked.push({ path, key: String(key ?? authorization), body })
    // Questions beside the task, such as for a title, come without tools.
    const turn = body.tools?.length ? turns[Math.min(nth++, turns.length - 1)] : { say: 'aside' }
    if (turn === undefined || turn === 'silence') return
    if ('status' in turn) {
      const error = { type: 'error', error: { type: 'api_error', message: turn.message } }
      outgoing.writeHead(turn.status, { 'content-type': 'application/json' })
      outgoing.end(JSON.stringify(error))
      return
    }
    outgoing.writeHead(200, { 'content-type': 'text/event-stream' })
    if (path.endsWith('/messages')) messages(outgoing, body.model, turn, nth)
    else responses(outgoing, turn, nth)
    outgoing.end()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked }
}

type Spoken = Extract<Turn, { say: string } | { use: string }>

function emit(outgoing: ServerResponse, type: string, data: object): void {
  outgoing.write(`event: ${type}\ndata: ${JSON.stringify({ type, ...data })}\n\n`)
}

function messages(outgoing: ServerResponse, model: string, turn: Spoken, nth: number): void {
  const message = { id: `msg_${nth}`, type: 'message', role: 'assistant', model, content: [] }
  const usage = { input_tokens: 10, cache_read_input_tokens: 5, cache_creation_input_tokens: 2 }
  emit(outgoing, 'message_start', {
    message: { ...message, stop_reason: null, usage: { ...usage, output_tokens: 1 } },
  })
  const [block, delta] =
    'say' in turn
      ? [
          { type: 'text', text: '' },
          { type: 'text_delta', text: turn.say },
        ]
      : [
          { type: 'tool_use', id: `toolu_${nth}`, name: turn.use, input: {} },
          { type: 'input_json_delta', partial_json: JSON.stringify(turn.input) },
        ]
  emit(outgoing, 'content_block_start', { index: 0, content_block: block })
  emit(outgoing, 'content_block_delta', { index: 0, delta })
  emit(outgoing, 'content_block_stop', { index: 0 })
  const stop_reason = 'say' in turn ? 'end_turn' : 'tool_use'
  emit(outgoing, 'message_delta', { delta: { stop_reason }, usage: { ...usage, output_tokens: 4 } })
  emit(outgoing, 'message_stop', {})
}

function responses(outgoing: ServerResponse, turn: Spoken, nth: number): void {
  const id = `resp_${nth}`
  const item =
    'say' in turn
      ? {
          ...{ type: 'message', id: `item_${nth}`, role: 'assistant', status: 'completed' },
          content: [{ type: 'output_text', text: turn.say, annotations: [] }],
        }
      : {
          ...{ type: 'function_call', id: `item_${nth}`, call_id: `call_${nth}` },
          ...{ name: turn.use, arguments: JSON.stringify(turn.input) },
        }
  emit(outgoing, 'response.created', { response: { id } })
  emit(outgoing, 'response.output_item.done', { output_index: 0, item })
  emit(outgoing, 'response.completed', {
    response: {
      id,
      usage: {
        ...{ input_tokens: 15, output_tokens: 4, total_tokens: 19 },
        input_tokens_details: { cached_tokens: 5 },
        output_tokens_details: { reasoning_tokens: 3 },
      },
    },
  })
}
