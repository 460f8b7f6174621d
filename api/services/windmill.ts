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
 * `where` is asked with each start, since the local engine comes up after the API.
 */
export function windmillFlows(where: () => WindmillConfig): FlowStarter {
  return {
    async start(path, args, jobId) {
      const { baseUrl, token, workspace } = where()
      // Loaded with the first flow: it is large, and most starts need no flow at all.
      const { ApiError, JobService, setClient } = await import('windmill-client')
      setClient(token, baseUrl)
      const started = JobService.runFlowByPath({ workspace, path, requestBody: args, jobId })
      const timer = setTimeout(() => started.cancel(), patience)
      try {
        await started
      } catch (error) {
        // Windmill refuses a job id it has seen: the flow was started by an earlier delivery.
        const seen = error instanceof ApiError && error.status === 400
        if (seen && (await jobExists(JobService, workspace, jobId))) return
        throw new Error(`starting the flow ${path} on ${baseUrl} failed: ${said(error)}`, {
          cause: error,
        })
      } finally {
        clearTimeout(timer)
      }
    },
  }
}

async function jobExists(
  jobs: typeof import('windmill-client').JobService,
  workspace: string,
  id: string,
): Promise<boolean> {
  return jobs.getJob({ workspace, id, noLogs: true }).then(
    () => true,
    () => false,
  )
}

const said = (error: unknown) => (error instanceof Error ? error.message : String(error))
