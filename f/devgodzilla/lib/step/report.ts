import * as z from 'zod'
import type { AgentSpent } from '../agent/types.ts'
import { PlanStep, StepRun } from '../answers.ts'
import type { Api } from '../api.ts'
import { message } from '../files.ts'
import { itemsOf } from '../pages.ts'
import { type StepLog, stepLog } from './log.ts'

/** How often to look whether the step is still to be done, in milliseconds. */
const lookEvery = 2000

/**
 * Begins a step, or goes on with it; one that ended without success is queued again first. Without
 * idempotency keys: the next attempt of the same job says the same words, and means them.
 */
export async function beginStep(
  api: Api,
  step: StepRun,
  agent: string,
): Promise<{ step: StepRun; log: StepLog }> {
  const act = (action: string, body: object) =>
    api.ask(`/steps/${step.id}/actions/${action}`, body, StepRun)
  if (['failed', 'timeout', 'blocked'].includes(step.status)) await act('retry', {})
  const begun = await act('start', { agent })
  // Its job was killed in the middle of it, and goes on.
  const first = step.status === 'running' ? await nextSeq(api, step) : 0
  return { step: begun, log: stepLog(api, step.id, 1000, first) }
}

const LogLine = z.looseObject({ seq: z.number() })

async function nextSeq(api: Api, { id, attempt }: StepRun): Promise<number> {
  let next = 0
  for await (const { seq } of itemsOf(api, `/steps/${id}/logs`, LogLine, { attempt })) {
    next = Math.max(next, seq + 1)
  }
  return next
}

/**
 * Aborts what `use` does where the step is taken out of its hands: cancelled, or another job's.
 * @param jobId the job that has the step; null where none is noted on it
 */
export async function whileRunning<T>(
  api: Api,
  stepId: number,
  jobId: string | null,
  use: (signal: AbortSignal, look: () => Promise<void>) => Promise<T>,
): Promise<T> {
  const stopping = new AbortController()
  const look = async () => {
    try {
      const { status, flow_job_id } = await api.get(`/steps/${stepId}`, PlanStep)
      const ours = jobId === null || flow_job_id === jobId
      if (status !== 'running' || !ours) stopping.abort()
    } catch (error) {
      // The work goes on without the API; its end is told when that answers again.
      console.warn(message(error))
    }
  }
  const watch = setInterval(() => void look(), lookEvery)
  try {
    return await use(stopping.signal, look)
  } finally {
    clearInterval(watch)
  }
}

/** What an attempt spent, as the API keeps it. */
export const spentBody = ({ usage, cost_usd }: Pick<AgentSpent, 'usage' | 'cost_usd'>) => ({
  ...(usage ? { usage } : {}),
  ...(cost_usd === null ? {} : { cost_usd: Math.round(cost_usd * 1e6) / 1e6 }),
})
