import { randomUUID } from 'node:crypto'
import type { Server } from 'node:http'
import type { Duplex } from 'node:stream'
import type { Logger } from 'pino'
import type { Problem } from './problem.ts'

type Told = Pick<Problem, 'status' | 'title' | 'code' | 'rule' | 'detail'>

const malformed: Told = {
  status: 400,
  title: 'Malformed request',
  code: 'malformed',
  rule: 'http',
  detail: 'This is not HTTP/1.1 as this server understands it.',
}
const told: Record<string, Told> = {
  ERR_HTTP_REQUEST_TIMEOUT: {
    status: 408,
    title: 'Took too long',
    code: 'timed_out',
    rule: 'request_time',
    detail: 'The request did not arrive in time; send it again, and at once.',
  },
  HPE_HEADER_OVERFLOW: {
    status: 431,
    title: 'Too large',
    code: 'too_large',
    rule: 'header_size',
    detail: 'The headers are larger than 16 KB.',
  },
}

/** Answers what never became a request: Node's parser, or its clock, gave up on it. */
export function answerBrokenRequests(server: Server, log: Logger): void {
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Duplex) => {
    if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy()
    const requestId = randomUUID()
    const { rule = '', ...problem } = told[error.code ?? ''] ?? malformed
    log.debug({ requestId, err: error }, 'not a request')
    const type = `urn:devgodzilla:rule:${rule}`
    const body = JSON.stringify({ type, ...problem, rule, requestId } satisfies Problem)
    socket.end(
      [
        `HTTP/1.1 ${problem.status} ${problem.title}`,
        'Content-Type: application/problem+json',
        `Content-Length: ${Buffer.byteLength(body)}`,
        'Connection: close',
        '',
        body,
      ].join('\r\n'),
      () => socket.destroy(),
    )
  })
}
