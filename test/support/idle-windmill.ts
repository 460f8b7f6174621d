import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll } from 'vitest'

/**
 * A Windmill that takes every job and runs none, for tests that look at the API alone. `jobs` gets
 * the arguments of each.
 */
export async function idleWindmill(jobs: unknown[] = []): Promise<string> {
  const server = createServer(async (request, response) => {
    let body = ''
    for await (const chunk of request) body += chunk
    if (request.method === 'POST') jobs.push(JSON.parse(body))
    if (/\/(flows\/get|jobs_u\/get)\//.test(request.url ?? '')) {
      response.writeHead(404).end('Not found')
      return
    }
    if (request.url?.includes('/jobs/list')) {
      response.writeHead(200, { 'Content-Type': 'application/json' }).end('[]')
      return
    }
    response
      .writeHead(201, { 'Content-Type': 'text/plain' })
      .end('00000000-0000-8000-8000-000000000000')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  afterAll(() => {
    server.close()
    server.closeAllConnections()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}
