import { setTimeout as sleep } from 'node:timers/promises'
import { type Job, JobService } from 'windmill-client'
import { server, taken } from './rule.ts'

type Json = ReturnType<typeof JSON.parse>

export type Ending = {
  id: string
  success: boolean
  result: Json
  skipped: boolean
  canceled: boolean
  /** What its steps left behind, in the order in which they did. */
  effects: string[]
}

type Options = { query?: Record<string, string> }

/** Starts a flow; its id. */
export async function start(path: string, args: object = {}, { query }: Options = {}) {
  const { status, text } = await send('POST', `/jobs/run/f/${taken(path)}`, { body: args, query })
  if (status >= 300) throw new Error(`${path} was not started: ${status} ${text}`)
  return text
}

/** Runs a flow to its end. */
export async function run(path: string, args: object = {}, options: Options = {}): Promise<Ending> {
  return ended(await start(path, args, options))
}

export async function ended(id: string): Promise<Ending> {
  const { workspace } = server()
  for (;;) {
    const { completed } = await JobService.getCompletedJobResultMaybe({ workspace, id })
    if (completed) return ending(await JobService.getJob({ workspace, id }))
    await sleep(25)
  }
}

/** Looks at a job until it is so. */
export async function until(id: string, isSo: (job: Job) => boolean): Promise<Job> {
  const { workspace } = server()
  for (;;) {
    const job = await JobService.getJob({ workspace, id })
    if (isSo(job)) return job
    if (job.type === 'CompletedJob') throw new Error(`the job ended: ${JSON.stringify(job)}`)
    await sleep(25)
  }
}

function ending(job: Job): Ending {
  if (job.type !== 'CompletedJob') throw new Error(`job ${job.id} has not ended`)
  const { id, success, result, is_skipped, canceled } = job as Json
  return { id, success, result, skipped: is_skipped, canceled, effects: effects(job) }
}

/** What the steps of these jobs have left behind so far, in the order in which they did. */
export function effects(...jobs: Job[]): string[] {
  return jobs
    .flatMap<[string, unknown]>((job) =>
      Object.entries((job.flow_status as Json)?.user_states ?? {}),
    )
    .filter(([key]) => /^\d{13}-/.test(key))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, what]) => String(what))
}

/** How many scripts like `slow` had begun and not ended at the same time. */
export function mostAtOnce(effects: string[]): number {
  let running = 0
  return Math.max(
    ...effects.map((effect) => {
      running += effect.endsWith('begins') ? 1 : -1
      return running
    }),
  )
}

type Request = {
  body?: unknown
  query?: Record<string, string> | undefined
  headers?: Record<string, string>
}

/** An HTTP call below the workspace, as any sender of webhooks makes it. */
export async function send(method: string, path: string, request: Request = {}) {
  const { url, workspace, token } = server()
  const headers = { Authorization: `Bearer ${token}`, ...request.headers }
  return call(method, `${url}/api/w/${workspace}${path}`, { ...request, headers })
}

export async function call(method: string, address: string, request: Request = {}) {
  const { body, query, headers } = request
  const response = await fetch(`${address}${query ? `?${new URLSearchParams(query)}` : ''}`, {
    method,
    headers: { 'Content-Type': 'application/json', ...headers },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  })
  const text = await response.text()
  const isJson = response.headers.get('content-type')?.includes('json')
  return {
    status: response.status,
    headers: response.headers,
    text,
    json: (isJson ? JSON.parse(text) : undefined) as Json,
  }
}
