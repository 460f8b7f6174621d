import type { PlanStep } from '../lib/answers.ts'
import { apiOf } from '../lib/api.ts'
import { currentJob } from '../lib/job.ts'
import { planOf } from '../lib/step/plan.ts'
import { moreToCome, readyOf, runByJobs } from '../lib/step/plan_order.ts'

type CDevgodzillaApi = { base_url: string; token: string }

/** What a lane does next: a step, or a rest, or nothing any more. */
export interface Next {
  step_id: number | null
  /** How long to rest before the next look; no worker is held meanwhile. */
  wait_seconds: number
  done: boolean
}

const longestWait = 15

/** Looks for a step that may start. Others look too: who starts it first, has it. */
export async function main(
  api: CDevgodzillaApi,
  protocol_id: number,
  job_id: string,
): Promise<Next> {
  const { run, steps } = await planOf(apiOf(api), protocol_id)
  const busy = runByJobs(steps)
  const rest = { step_id: null, wait_seconds: restAfter(busy), done: false }
  const nothing = { step_id: null, wait_seconds: 0, done: true }
  if (run.flow_job_id !== job_id || run.execution !== 'running') return nothing
  if (run.status === 'cancelled') return nothing
  // Until those that run have ended, it may be resumed.
  if (run.status === 'paused') return busy.length > 0 ? rest : nothing
  const ready = readyOf(steps)
  const step = ready[hash(currentJob().id) % ready.length]
  if (step) return { step_id: step.id, wait_seconds: 0, done: false }
  return moreToCome(steps) ? rest : nothing
}

/** The longer the work takes, the less often it is looked at. */
function restAfter(busy: readonly PlanStep[]): number {
  const began = busy.map(({ started_at }) => Date.parse(started_at ?? '')).filter(Number.isFinite)
  const seconds = (Date.now() - Math.max(...began, 0)) / 1000
  return Math.min(longestWait, Math.max(1, Math.round(seconds / 8)))
}

/** So that lanes which look at the same moment rarely choose the same step. */
const hash = (text: string) =>
  [...text].reduce((sum, char) => (sum * 31 + char.charCodeAt(0)) >>> 0, 7)
