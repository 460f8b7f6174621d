/** Whether another job of this Windmill has ended, or was never there. */
export async function jobHasEnded(id: string): Promise<boolean> {
  const { ApiError, JobService, setClient } = await import('windmill-client')
  setClient()
  const workspace = process.env.WM_WORKSPACE ?? ''
  try {
    const job = await JobService.getJob({ workspace, id, noLogs: true })
    return job.type === 'CompletedJob'
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return true
    throw error
  }
}
