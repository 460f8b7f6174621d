import { ExecutedRun, type PlanStep } from '../lib/answers.ts'
import { apiOf } from '../lib/api.ts'
import { flowJob } from '../lib/job.ts'
import { planOf } from '../lib/step/plan.ts'

type CDevgodzillaApi = { base_url: string; token: string }

/** What an execution came to, and what is left for whom. */
export interface Execution {
  protocol_id: number
  status: string
  /** Where it goes on by itself: the job that does. */
  goes_on_in: string | null
  steps: Pick<PlanStep, 'id' | 'step_name' | 'status' | 'attempt'>[]
  waiting: { step_id: number; step_name: string; waits_for: string }[]
}

/**
 * Says that this job's part in a protocol run is over.
 * @throws naming the steps that failed or cannot go on, or where the run was cancelled
 */
export async function main(api: CDevgodzillaApi, protocol_id: number): Promise<Execution> {
  const client = apiOf(api)
  const job_id = flowJob()
  await client.ask(`/protocols/${protocol_id}/actions/end-execution`, { job_id }, ExecutedRun)
  const { run, steps } = await planOf(client, protocol_id)
  if (run.status === 'cancelled') throw new Error(`protocol run ${protocol_id} was cancelled`)
  const stuck = steps.filter(({ status }) => ['failed', 'timeout', 'blocked'].includes(status))
  const goes_on_in = run.execution === 'running' ? run.flow_job_id : null
  if (stuck.length > 0 && goes_on_in === null) {
    const names = stuck.map((it) => `"${it.step_name}" (${it.status}: ${it.status_reason ?? '—'})`)
    throw new Error(
      `protocol run ${protocol_id} needs somebody to look at ${names.join(', ')}: ` +
        'retry a step, skip it, or complete it by hand, and the execution goes on',
    )
  }
  const waiting = steps.flatMap((step) => {
    const waits_for = reasonToWait(step, steps)
    return waits_for ? [{ step_id: step.id, step_name: step.step_name, waits_for }] : []
  })
  return {
    protocol_id,
    status: run.status,
    goes_on_in,
    steps: steps.map(({ id, step_name, status, attempt }) => ({ id, step_name, status, attempt })),
    waiting,
  }
}

function reasonToWait(step: PlanStep, steps: readonly PlanStep[]): string | null {
  if (step.status === 'needs_qa') return 'QA: somebody completes or fails it'
  if (step.status === 'running') return 'whoever started it by hand'
  if (step.status !== 'pending') return null
  const unmet = steps.filter(
    ({ id, status }) => step.depends_on.includes(id) && !['completed', 'skipped'].includes(status),
  )
  if (unmet.length === 0) return 'the run to be resumed'
  return unmet.map((it) => `"${it.step_name}" (${it.status})`).join(', ')
}
