/** What a failed flow answers: one error that says where it happened and what to do. */
export interface FailureReport {
  error: { name: string; message: string; step_id: string | null; flow: string; retried: boolean }
}

/**
 * The failure module of every flow. It reports and does not recover, so the job stays failed.
 * @param error what Windmill caught: `{name, message, stack, step_id}`
 */
export async function main(
  flow: string,
  error: { name: string; message: string; step_id: string },
): Promise<FailureReport> {
  const name = error?.name || 'Error'
  const step_id = error?.step_id || null
  const what = error?.message || 'the step said nothing; see its log'
  const at = step_id ? ` at step ${step_id}` : ''
  const report = {
    error: {
      name,
      message: `${flow} failed${at}: ${what}`,
      step_id,
      flow,
      retried: name === 'ApiUnavailable',
    },
  }
  console.error(report.error.message)
  return report
}
