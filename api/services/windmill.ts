import type { FlowStarter } from './runtime.ts'

export interface WindmillConfig {
  baseUrl: string
  token: string
  workspace: string
}

/** Less than a handler's own time, so that what went wrong is said. */
const patience = 4000

/**
 * Starts flows over Windmill's own HTTP interface, whether a server or the local engine answers.
 * `where` is asked with each call, since the local engine comes up after the API.
 */
export function windmillFlows(where: () => WindmillConfig): FlowStarter {
  /** Loaded with the first flow: it is large, and most starts need no flow at all. */
  async function client() {
    const { baseUrl, token, workspace } = where()
    const { ApiError, JobService, setClient } = await import('windmill-client')
    setClient(token, baseUrl)
    const answered = (error: unknown, status: number) =>
      error instanceof ApiError && error.status === status
    return { jobs: JobService, answered, baseUrl, workspace }
  }

  async function find(jobId: string) {
    const { jobs, answered, baseUrl, workspace } = await client()
    try {
      const job = await patiently(jobs.getJob({ workspace, id: jobId, noLogs: true }))
      const success = job.type === 'CompletedJob' ? job.success : null
      return { path: job.script_path ?? '', success }
    } catch (error) {
      if (answered(error, 404)) return undefined
      throw new Error(`asking ${baseUrl} for the job ${jobId} failed: ${said(error)}`, {
        cause: error,
      })
    }
  }

  return {
    find,
    async cancel(jobId, reason) {
      const { jobs, baseUrl, workspace } = await client()
      try {
        await patiently(jobs.cancelQueuedJob({ workspace, id: jobId, requestBody: { reason } }))
      } catch (error) {
        const job = await find(jobId).catch(() => null)
        if (job === undefined || (job && job.success !== null)) return
        throw new Error(`cancelling the job ${jobId} on ${baseUrl} failed: ${said(error)}`, {
          cause: error,
        })
      }
    },
    async start(path, args, jobId) {
      const { jobs, answered, baseUrl, workspace } = await client()
      try {
        await patiently(jobs.runFlowByPath({ workspace, path, requestBody: args, jobId }))
      } catch (error) {
        // Windmill refuses a job id it has seen: the flow was started by an earlier delivery.
        const seen = answered(error, 400) && (await find(jobId).catch(() => undefined))
        if (seen) return
        throw new Error(`starting the flow ${path} on ${baseUrl} failed: ${said(error)}`, {
          cause: error,
        })
      }
    },
  }
}

type Call<T> = PromiseLike<T> & { cancel(): void }

async function patiently<T>(call: Call<T>): Promise<T> {
  const timer = setTimeout(() => call.cancel(), patience)
  try {
    return await call
  } finally {
    clearTimeout(timer)
  }
}

/** What went wrong, with the reason Windmill gave: its statuses alone say little. */
function said(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const reason = 'body' in error ? reasonIn(error.body) : ''
  return reason ? `${error.message}: ${reason.slice(0, 500)}` : error.message
}

function reasonIn(body: unknown): string {
  if (typeof body === 'string') return body.trim()
  return body ? JSON.stringify(body) : ''
}
