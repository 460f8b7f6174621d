import type { FlowStarter } from './runtime.ts'
import { patiently, said, type WindmillConfig, windmillClient } from './windmill-client.ts'

export type { WindmillConfig } from './windmill-client.ts'

/**
 * Starts flows over Windmill's own HTTP interface, whether a server or the local engine answers.
 * `where` is asked with each call, since the local engine comes up after the API.
 */
export function windmillFlows(where: () => WindmillConfig): FlowStarter {
  const client = () => windmillClient(where)

  async function find(jobId: string) {
    const { jobs, statusOf, baseUrl, workspace } = await client()
    try {
      const job = await patiently(jobs.getJob({ workspace, id: jobId, noLogs: true }))
      const success = job.type === 'CompletedJob' ? job.success : null
      return { path: job.script_path ?? '', success }
    } catch (error) {
      if (statusOf(error) === 404) return undefined
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
      const { jobs, statusOf, baseUrl, workspace } = await client()
      try {
        await patiently(jobs.runFlowByPath({ workspace, path, requestBody: args, jobId }))
      } catch (error) {
        // Windmill refuses a job id it has seen: the flow was started by an earlier delivery.
        const seen = statusOf(error) === 400 && (await find(jobId).catch(() => undefined))
        if (seen) return
        throw new Error(`starting the flow ${path} on ${baseUrl} failed: ${said(error)}`, {
          cause: error,
        })
      }
    },
  }
}
