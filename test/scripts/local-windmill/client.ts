import { setTimeout as sleep } from 'node:timers/promises'

export type Answer = { status: number; text: string; json: unknown }

/** Speaks the engine's HTTP, as any caller from outside does. */
export function client(url: string, token: string, workspace = 'devgodzilla') {
  const base = `${url}/api/w/${workspace}`

  const send = async (method: string, path: string, body?: unknown): Promise<Answer> => {
    const response = await fetch(`${base}${path}`, {
      method,
      headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    })
    const text = await response.text()
    const isJson = response.headers.get('content-type')?.includes('json')
    return { status: response.status, text, json: isJson ? JSON.parse(text) : undefined }
  }

  const self = {
    send,
    get: (path: string) => send('GET', path),
    post: (path: string, body: unknown = {}) => send('POST', path, body),
    /** Runs a flow of the test's workspace and waits for its answer. */
    flow: (name: string, args: unknown = {}) =>
      send('POST', `/jobs/run_wait_result/f/f/t/${name}`, args),
    script: (name: string, args: unknown = {}) =>
      send('POST', `/jobs/run_wait_result/p/f/t/${name}`, args),
    /** Starts a flow and answers its id. */
    async start(name: string, args: unknown = {}, query = ''): Promise<string> {
      const { status, text } = await send('POST', `/jobs/run/f/f/t/${name}${query}`, args)
      if (status !== 201) throw new Error(`${status}: ${text}`)
      return text
    },
    async job(id: string): Promise<Job> {
      const { status, text, json } = await send('GET', `/jobs_u/get/${id}`)
      if (status !== 200) throw new Error(`${status}: ${text}`)
      return json as Job
    },
    /** Asks until the job looks right. */
    async until(id: string, isSo: (job: Job) => boolean, withinMs = 15_000): Promise<Job> {
      const deadline = Date.now() + withinMs
      for (;;) {
        const job = await self.job(id)
        if (isSo(job)) return job
        if (Date.now() > deadline) throw new Error(`not so in time: ${JSON.stringify(job)}`)
        await sleep(20)
      }
    },
    ended: (id: string, withinMs?: number) =>
      self.until(id, (job) => job.type === 'CompletedJob', withinMs),
    async logs(id: string): Promise<string> {
      return (await send('GET', `/jobs_u/get_logs/${id}`)).text
    },
  }
  return self
}

export type Client = ReturnType<typeof client>

export type ModuleStatus = { id: string; type: string; job?: string; [key: string]: unknown }

export type Job = {
  id: string
  type: 'QueuedJob' | 'CompletedJob'
  success?: boolean
  result?: unknown
  canceled: boolean
  is_skipped?: boolean
  flow_status?: { step: number; modules: ModuleStatus[]; failure_module: ModuleStatus }
  [key: string]: unknown
}
