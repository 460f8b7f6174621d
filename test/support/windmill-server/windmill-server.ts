import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { Refusal, type Request, routes } from './routes.ts'
import { emptyWorkspace, type StoredWorkspace } from './stored-workspace.ts'

export interface WindmillServer {
  url: string
  token: string
  workspaceId: string
  workspace: StoredWorkspace
  requests: Request[]
  /** What changes something: anything but a GET, and a question asked by POST. */
  writes(): Request[]
  /** Answers in place of the server, where it returns something. */
  fault: ((request: Request) => { status: number; text: string } | undefined) | undefined
  version: string
  close(): Promise<void>
}

/**
 * A stand-in of a Windmill server that keeps one workspace in memory and records every request.
 * Paths, bodies and answers are those of Windmill, as its CLI and its source have them.
 */
export async function windmillServer(): Promise<WindmillServer> {
  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => {
      response.writeHead(500).end(String(error))
    })
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const standIn: WindmillServer = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    token: 'wm-token-5f1c',
    workspaceId: 'plant',
    workspace: emptyWorkspace(),
    requests: [],
    writes: () => standIn.requests.filter((it) => it.method !== 'GET' && !questions.test(it.path)),
    fault: undefined,
    version: 'CE v1.600.2',
    close: () =>
      new Promise((done) => {
        server.close(() => done())
        server.closeAllConnections()
      }),
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const recorded: Request = {
      method: request.method ?? '',
      path: (request.url ?? '').replace(/^\/api\//, ''),
      body: await text(request),
    }
    standIn.requests.push(recorded)
    const faulty = standIn.fault?.(recorded)
    const send = (status: number, body: string | Uint8Array, type = 'text/plain') => {
      response.writeHead(status, { 'content-type': type }).end(body)
    }
    if (faulty) return send(faulty.status, faulty.text)
    const signedIn = request.headers.authorization === `Bearer ${standIn.token}`
    if (!signedIn && recorded.path !== 'version') return send(401, 'Unauthorized')
    try {
      const { status = 200, body } = await routes(standIn, recorded)
      if (typeof body === 'string') send(status, body)
      else if (body instanceof Uint8Array) send(status, body, 'application/zip')
      else send(status, JSON.stringify(body), 'application/json')
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      send(error.status, error.message)
    }
  }
  return standIn
}

const questions = /^workspaces\/exists$|jobs\/run\/preview$/
