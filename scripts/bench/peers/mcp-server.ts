import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface, type Interface } from 'node:readline'
import type { Readable, Writable } from 'node:stream'
import type { Run, ToolCall } from './rival.ts'

const protocolVersion = '2025-06-18'

/**
 * A server over standard input and output, spoken to in the plain protocol: a client library would
 * be measured as well.
 */
export class McpServer {
  readonly #child: ChildProcessByStdio<Writable, Readable, null>
  readonly #lines: AsyncIterator<string>
  readonly #reader: Interface
  #last = 0

  constructor({ args: [program = '', ...args], cwd, env }: Run) {
    this.#child = spawn(program, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: ['pipe', 'pipe', 'ignore'],
    })
    this.#reader = createInterface({ input: this.#child.stdout })
    this.#lines = this.#reader[Symbol.asyncIterator]()
  }

  async initialize(): Promise<void> {
    await this.#request('initialize', {
      ...{ protocolVersion, capabilities: {} },
      clientInfo: { name: 'bench', version: '1' },
    })
    this.#send({ method: 'notifications/initialized' })
  }

  /** @throws where the tool refused */
  async call(tool: ToolCall): Promise<void> {
    const result = (await this.#request('tools/call', { ...tool })) as {
      isError?: boolean
      content?: { text?: string }[]
    }
    if (result.isError) throw new Error(`${tool.name}: ${result.content?.[0]?.text}`)
  }

  async close(): Promise<void> {
    this.#reader.close()
    this.#child.kill()
    if (this.#child.exitCode === null && this.#child.signalCode === null) {
      await once(this.#child, 'exit')
    }
  }

  async #request(method: string, params: object): Promise<unknown> {
    const id = ++this.#last
    this.#send({ id, method, params })
    for (;;) {
      const { value, done } = await this.#lines.next()
      if (done) throw new Error(`the server ended at ${method}`)
      // One of them prints words among its messages.
      if (!value.startsWith('{')) continue
      const answer = JSON.parse(value) as { id?: number; result?: unknown; error?: unknown }
      if (answer.id !== id || !('result' in answer || 'error' in answer)) continue
      if (answer.error) throw new Error(`${method}: ${JSON.stringify(answer.error)}`)
      return answer.result
    }
  }

  #send(message: object): void {
    this.#child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`)
  }
}
