import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { PassThrough } from 'node:stream'
import { text } from 'node:stream/consumers'
import { setImmediate } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio'
import { describe, expect, it, onTestFinished } from 'vitest'
import { bridge } from '../../../scripts/mcp/bridge.ts'
import { callerOf } from '../../api/mcp/support/agents.ts'
import { checkedApi } from '../../api/support/checked-api.ts'
import type { Json } from '../../support/api.ts'
import { type Era, mcpClient } from '../../support/mcp-client.ts'

type Answer = (asked: Json, outgoing: ServerResponse, incoming: IncomingMessage) => void

/** Something that answers at a port, as the API would or would not. */
async function listener(answer: Answer, port = 0) {
  const server = createServer(async (incoming, outgoing) => {
    const body = await text(incoming)
    outgoing.setHeader('Content-Type', 'application/json')
    answer(JSON.parse(body), outgoing, incoming)
  })
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  const close = () => {
    server.closeAllConnections()
    return new Promise((resolve) => server.close(resolve))
  }
  onTestFinished(async () => void (await close()))
  return { port: (server.address() as AddressInfo).port, close }
}

const echo: Answer = (asked, outgoing) =>
  outgoing.end(JSON.stringify({ jsonrpc: '2.0', id: asked.id, result: asked.params ?? {} }))

/** A bridge to a port, with a pipe on either side. */
function bridged(port: number, settings: Record<string, string> = {}) {
  const [input, output] = [new PassThrough(), new PassThrough()]
  const usual = { DEVGODZILLA_URL: `http://127.0.0.1:${port}`, DEVGODZILLA_TOKEN: 'x' }
  const env = { ...usual, ...settings }
  const ended = bridge(env, input, output).then(() => output.end())
  const lines = text(output).then((all) =>
    all
      .split('\n')
      .filter(Boolean)
      .map((it): Json => JSON.parse(it)),
  )
  const say = (message: object) =>
    input.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`)
  /** What was answered by the time everything had been. */
  const all = async () => {
    input.end()
    await ended
    return lines
  }
  return { input, say, all, next: async () => JSON.parse(String((await once(output, 'data'))[0])) }
}

describe('the bridge', () => {
  it('puts lines together that arrive in pieces, in the midst of a character, and large ones', async () => {
    const { port } = await listener(echo)
    const { input, all } = bridged(port)
    const long = 'ä€😀'.repeat(300_000)
    const message = { jsonrpc: '2.0', id: 1, method: 'ping', params: { long } }
    const bytes = Buffer.from(`\n${JSON.stringify(message)}\r\n`)
    for (let at = 0; at < bytes.length; at += 65_537) {
      input.write(bytes.subarray(at, at + 65_537))
      await setImmediate()
    }
    input.write('{"jsonrpc":"2.0","id":"last","method":"ping"}')
    const answers = await all()
    expect(answers.find((it) => it.id === 1).result.long).toBe(long)
    expect(answers.find((it) => it.id === 'last').result).toEqual({})
  })

  it.each([
    [
      { DEVGODZILLA_TOKEN: 'dgz_of\r\ntwo' },
      /cannot be sent: .*DEVGODZILLA_TOKEN must be one word/,
    ],
    [{ DEVGODZILLA_URL: 'file:///x' }, /^DEVGODZILLA_URL must be an http or https address/],
    [
      { DEVGODZILLA_URL: 'http://me:dgz_of@127.0.0.1:1/' },
      /at http:\/\/127.0.0.1:1 \(DEVGODZILLA_URL\)\./,
    ],
    [
      { DEVGODZILLA_URL: 'http://elsewhere.invalid', DEVGODZILLA_TOKEN: '' },
      /No token for elsewhere.invalid: that of this machine is not sent elsewhere/,
    ],
  ])('says what is wrong with %j, and tells no secret', async (settings, wrong) => {
    const { say, all } = bridged(1, settings)
    say({ id: 1, method: 'ping' })
    const [answer] = await all()
    expect(answer.error.message).toMatch(wrong)
    expect(answer.error.message).not.toContain('dgz_of')
  })

  it('passes several on at once, and answers none that was taken back', async () => {
    const held: Record<string, () => void> = {}
    let allThere = () => {}
    const arrived = new Promise<void>((resolve) => {
      allThere = resolve
    })
    const { port } = await listener((asked, outgoing) => {
      held[asked.params.n] = () => echo(asked, outgoing, undefined as never)
      if (Object.keys(held).length === 3) allThere()
    })
    const { say, all } = bridged(port)
    for (const n of [1, 2, 3]) say({ id: n, method: 'tools/call', params: { n } })
    await arrived
    say({ method: 'notifications/cancelled', params: { requestId: 2 } })
    held[3]?.()
    held[1]?.()
    expect((await all()).map((it) => it.id).sort()).toEqual([1, 3])
  })

  it('says of notifications nothing, and of what is not JSON that it is not', async () => {
    const { port } = await listener((_, outgoing) => outgoing.writeHead(202).end())
    const { input, say, all } = bridged(port)
    say({ method: 'notifications/initialized' })
    input.write('{"jsonrpc":\n')
    expect(await all()).toMatchObject([{ id: null, error: { code: -32700 } }])
  })

  it('says how to start the API where it is away, and goes on when it is back', async () => {
    const first = await listener(echo)
    const { say, next, all } = bridged(first.port)
    say({ id: 1, method: 'ping' })
    expect(await next()).toMatchObject({ id: 1, result: {} })
    await first.close()
    say({ id: 2, method: 'ping' })
    expect(await next()).toMatchObject({
      id: 2,
      error: { code: -32000, message: expect.stringContaining('devgodzilla start') },
    })
    await listener(echo, first.port)
    say({ id: 3, method: 'ping' })
    expect(await next()).toMatchObject({ id: 3, result: {} })
    await all()
  })

  it('sends a call again whose connection broke, under the same key', async () => {
    const keys: unknown[] = []
    const { port } = await listener((asked, outgoing, incoming) => {
      keys.push(incoming.headers['idempotency-key'])
      if (keys.length === 1) incoming.socket.destroy()
      else echo(asked, outgoing, incoming)
    })
    const { say, all } = bridged(port)
    say({ id: 1, method: 'tools/call', params: { name: 'x' } })
    expect(await all()).toMatchObject([{ id: 1, result: { name: 'x' } }])
    expect(keys).toEqual([expect.stringMatching(/^[0-9a-f-]{36}$/), keys[0]])
  })

  it('tells what the door says, as an error', async () => {
    const { port } = await listener((_, outgoing) => {
      outgoing.writeHead(401, { 'Content-Type': 'application/problem+json' })
      outgoing.end('{"detail":"The token is unknown, revoked or expired."}')
    })
    const { say, all } = bridged(port)
    say({ id: 1, method: 'initialize' })
    expect(await all()).toMatchObject([
      { id: 1, error: { message: 'The token is unknown, revoked or expired.' } },
    ])
  })
})

describe('devgodzilla mcp', async () => {
  const api = await checkedApi()
  const project = await api.project({ slug: 'pier' })
  await api.task(project.id, { code: 'PLANK-1', title: 'Planks' })
  const { secret } = (await api.post('/tokens', { name: 'by stdio', role: 'agent' })).body
  const bin = fileURLToPath(new URL('../../../scripts/bin.mjs', import.meta.url))

  it.each<Era>(['legacy', 'auto'])('serves the official client that begins %s', async (era) => {
    const transport = new StdioClientTransport({
      command: process.execPath,
      args: [bin, 'mcp'],
      env: { DEVGODZILLA_URL: api.url, DEVGODZILLA_TOKEN: secret },
    })
    const client = mcpClient(era)
    await client.connect(transport)
    const agent = callerOf(client, secret)
    expect(client.getInstructions()).toContain('orchestration_agent_init')
    expect(client.getNegotiatedProtocolVersion()).toBe(era === 'auto' ? '2026-07-28' : '2025-11-25')
    const title = `Planks 🪵 by ${era}`
    await Promise.all([
      agent.call('orchestration_task_update', { task_id: 'PLANK-1', title }),
      ...Array.from({ length: 10 }, () => agent.call('orchestration_task_list')),
    ])
    expect((await api.get('/tasks/PLANK-1')).body.title).toBe(title)
    const { contents } = await client.readResource({ uri: 'devgodzilla://task/PLANK-1' })
    expect(contents[0]).toMatchObject({ text: expect.stringContaining('🪵') })
    const { pid } = transport
    await client.close()
    // It ended by itself: its input had.
    expect(() => process.kill(pid ?? 0, 0)).toThrow('ESRCH')
  })
})
