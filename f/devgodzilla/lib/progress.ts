/**
 * Shows in Windmill how far a long loop has come (1 to 99 percent). A courtesy: outside of
 * Windmill, or when it cannot be told, the work goes on.
 */
export async function showProgress(done: number, total: number): Promise<void> {
  if (!process.env.WM_TOKEN || !process.env.WM_JOB_ID || total < 2) return
  const { setProgress } = await import('windmill-client')
  const percent = Math.min(99, Math.max(1, Math.floor((100 * done) / total)))
  await setProgress(percent).catch((error: unknown) => {
    console.warn(`progress not shown: ${error instanceof Error ? error.message : String(error)}`)
  })
}
