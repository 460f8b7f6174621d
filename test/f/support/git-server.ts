import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { dirname, join } from 'node:path'
import { onTestFinished } from 'vitest'
import { type Files, git, repositoryWith, temporaryFolder } from './git-repositories.ts'

export interface Remote {
  url: string
  host: string
  /** The bare repository behind it. */
  bare: string
  /** How many bytes each pack had that was fetched. */
  packs: number[]
  /** What each request said of who asks. */
  authorizations: (string | undefined)[]
  /** Runs once, right before the next push is taken. */
  beforePush(action: () => Promise<void>): void
  /** Runs once, when half of the next pack has been sent; the other half waits for it. */
  duringFetch(action: () => Promise<void>): void
}

/**
 * A bare repository over Git's own HTTP, on loopback unless told otherwise; with a password, for
 * its holders only.
 * @param content files, or the folder of a repository that has them
 */
export async function remoteWith(
  content: Files | string,
  account?: { username: string; password: string },
  { bind, name } = { bind: '127.0.0.1', name: '127.0.0.1' },
): Promise<Remote> {
  const bare = join(await temporaryFolder(), 'remote.git')
  const source = typeof content === 'string' ? content : await repositoryWith(content)
  await git(dirname(bare), 'clone', '--quiet', '--bare', source, bare)
  await git(bare, 'config', 'http.receivepack', 'true')
  let action: (() => Promise<void>) | undefined
  let between: (() => Promise<void>) | undefined
  const packs: number[] = []
  const authorizations: (string | undefined)[] = []
  const halfway = async (bytes: number) => {
    packs.push(bytes)
    const pending = between
    between = undefined
    await pending?.()
  }

  const wanted =
    account && `Basic ${Buffer.from(`${account.username}:${account.password}`).toString('base64')}`
  const server = createServer((request, response) => {
    authorizations.push(request.headers.authorization)
    if (wanted && request.headers.authorization !== wanted) {
      response.writeHead(401, { 'www-authenticate': 'Basic realm="git"' }).end()
      return
    }
    const pending = request.url?.endsWith('/git-receive-pack') ? action : undefined
    if (pending) action = undefined
    Promise.resolve(pending?.()).then(
      () => backend(bare, request, response, halfway),
      (error) => response.writeHead(500).end(String(error)),
    )
  })
  server.listen(0, bind)
  await once(server, 'listening')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const host = `${name}:${(server.address() as AddressInfo).port}`
  return {
    url: `http://${host}/remote.git`,
    host,
    bare,
    packs,
    authorizations,
    beforePush(next) {
      action = next
    },
    duringFetch(next) {
      between = next
    },
  }
}

/** Hands a request to git's CGI program and its answer back. */
function backend(
  bare: string,
  request: IncomingMessage,
  response: ServerResponse,
  halfway: (bytes: number) => Promise<void>,
): void {
  const { pathname, search } = new URL(request.url ?? '/', 'http://git')
  const child = spawn('git', ['http-backend'], {
    env: {
      PATH: process.env.PATH,
      GIT_PROJECT_ROOT: dirname(bare),
      GIT_HTTP_EXPORT_ALL: '1',
      GIT_CONFIG_GLOBAL: '/dev/null',
      REQUEST_METHOD: request.method,
      PATH_INFO: pathname,
      QUERY_STRING: search.slice(1),
      CONTENT_TYPE: request.headers['content-type'] ?? '',
      HTTP_CONTENT_ENCODING: request.headers['content-encoding'] ?? '',
      GIT_PROTOCOL: String(request.headers['git-protocol'] ?? ''),
      REMOTE_USER: 'tester',
      REMOTE_ADDR: '127.0.0.1',
    },
  })
  request.pipe(child.stdin)
  const chunks: Buffer[] = []
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk))
  child.on('close', () => {
    const whole = Buffer.concat(chunks)
    const end = whole.indexOf('\r\n\r\n')
    for (const line of whole.subarray(0, end).toString().split('\r\n')) {
      const [name = '', value = ''] = line.split(/:\s*/, 2)
      if (name.toLowerCase() === 'status') response.statusCode = Number.parseInt(value, 10)
      else response.setHeader(name, value)
    }
    const body = whole.subarray(end + 4)
    if (!body.includes('PACK')) return response.end(body)
    const bytes = body.length - body.indexOf('PACK')
    const half = body.length - Math.floor(bytes / 2)
    response.write(body.subarray(0, half))
    halfway(bytes).then(
      () => response.end(body.subarray(half)),
      () => response.destroy(),
    )
  })
}
