import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { afterAll } from 'vitest'

/** Something that answers as Windmill does, and keeps what it was asked to start. */
export async function fakeWindmill() {
  const windmill = {
    url: '',
    /** What it answers to a start; 201 takes it. */
    status: 201,
    /** What it starts runs on until its job is set to something else. */
    busy: false,
    started: [] as { path: string; jobId: string; args: Record<string, unknown> }[],
    /** The ids of jobs it was asked to cancel. */
    cancelled: [] as string[],
    /** Jobs it knows, by id, as they are shown. */
    jobs: new Map<string, object>(),
  }
  const server = createServer(async (request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://windmill')
    const body = await text(request)
    const flow = /\/jobs\/run\/f\/(.+)$/.exec(pathname)?.[1]
    if (flow !== undefined) {
      const jobId = searchParams.get('job_id') ?? ''
      const status = windmill.jobs.has(jobId) ? 400 : windmill.status
      if (status === 201) {
        windmill.started.push({ path: decodeURIComponent(flow), jobId, args: JSON.parse(body) })
        windmill.jobs.set(jobId, {
          ...(windmill.busy ? { type: 'QueuedJob' } : { type: 'CompletedJob', success: true }),
          script_path: flow,
        })
      }
      response.writeHead(status, { 'Content-Type': 'text/plain' }).end(jobId)
      return
    }
    const cancel = /\/jobs_u\/queue\/cancel\/(.+)$/.exec(pathname)?.[1]
    if (cancel !== undefined) {
      windmill.cancelled.push(cancel)
      windmill.jobs.set(cancel, { type: 'CompletedJob', script_path: '', success: false })
      response.writeHead(200, { 'Content-Type': 'text/plain' }).end(cancel)
      return
    }
    const job = windmill.jobs.get(/\/jobs_u\/get\/(.+)$/.exec(pathname)?.[1] ?? '')
    response
      .writeHead(job ? 200 : 404, { 'Content-Type': 'application/json' })
      .end(JSON.stringify(job ?? 'not found'))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  afterAll(() => {
    server.closeAllConnections()
    server.close()
  })
  windmill.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return windmill
}
