import { storable } from '../lib/agent/lines.ts'
import { agentName, runAgent } from '../lib/agent/run.ts'
import type { AgentConfig, AgentLine, AgentOutcome } from '../lib/agent/types.ts'
import { Artifact, PlanStep, Project } from '../lib/answers.ts'
import { type Api, apiOf } from '../lib/api.ts'
import { ApiMismatch, ApiRefused, ApiUnavailable } from '../lib/api_errors.ts'
import { message } from '../lib/files.ts'
import type { GitResource } from '../lib/git.ts'
import { currentJob, type Job } from '../lib/job.ts'
import { filesLeft, type NewArtifact } from '../lib/step/artifacts.ts'
import { briefOf } from '../lib/step/brief.ts'
import { type StepLog, stepLog } from '../lib/step/log.ts'
import { type Plan, planOf } from '../lib/step/plan.ts'
import { whileRunning } from '../lib/step/report.ts'
import { inWorkplace, type Kept, type Workplace } from '../lib/step/workplace.ts'

type CDevgodzillaApi = { base_url: string; token: string }
type CDevgodzillaGit = {
  credentials: { host: string; username: string; password: string }[]
}
type CDevgodzillaAgent = { kind: 'builtin' | 'claude' | 'codex' | 'command' }

/** How this job left a step. */
export interface StepLeft {
  step_id: number
  step_name: string
  /** A status of the step, or why this job did not do it to its end. */
  outcome: string
  reason: string | null
  done: false
}

const usualTimeout = 3600
const longestTimeout = 4 * 3600

/**
 * Does one step of a protocol run: starts it, has the agent work on it in a private checkout, keeps
 * what it leaves, and says how it ended. A step that somebody else has, or that may not start, is
 * left alone.
 * @throws where the API cannot be spoken to; what goes wrong with the step itself fails the step
 */
export async function main(
  api: CDevgodzillaApi,
  git: CDevgodzillaGit,
  agent: CDevgodzillaAgent,
  step_id: number,
): Promise<StepLeft> {
  const client = apiOf(api)
  const job = currentJob()
  const name = agentName(agent)
  const { protocol_run_id, ...found } = await client.get(`/steps/${step_id}`, PlanStep)
  const left = (outcome: string, reason: string | null): StepLeft => {
    console.log(`step "${found.step_name}": ${outcome}${reason ? `: ${reason}` : ''}`)
    return { step_id, step_name: found.step_name, outcome, reason, done: false }
  }
  const act = (action: string, more: object = {}) =>
    client.ask(`/steps/${step_id}/actions/${action}`, { job_id: job.id, ...more }, PlanStep)
  try {
    if (found.status === 'running' && found.flow_job_id === job.id) {
      await act('retry', { reason: 'The worker died while it was at it.' })
    }
    await act('start', { agent: name })
  } catch (error) {
    if (error instanceof ApiRefused && error.status === 409)
      return left('not started', error.message)
    throw error
  }
  const log = stepLog(client, step_id)
  try {
    const plan = await planOf(client, protocol_run_id)
    const end = await doStep({ client, git, agent, job, plan, step_id, log })
    await log.close()
    const { action, reason, ...spent } = end
    if (action === null) return left('let go', reason)
    const { status } = await act(action, { reason, ...spent })
    return left(status, reason)
  } catch (error) {
    await log.close()
    if (error instanceof ApiRefused && error.status === 409) return left('let go', error.message)
    if (error instanceof ApiUnavailable || error instanceof ApiMismatch) throw error
    const { status, status_reason } = await act('fail', {
      reason: storable(message(error).slice(0, 5000)),
    })
    return left(status, status_reason)
  }
}

interface StepWork {
  client: Api
  git: GitResource
  agent: AgentConfig
  job: Job
  plan: Plan
  step_id: number
  log: StepLog
}

/** The action a step ends with; null where it is no longer this job's to end. */
interface StepEnd {
  action: 'complete' | 'fail' | 'timeout' | 'block' | null
  reason: string | null
  usage?: AgentOutcome['usage']
  cost_usd?: number | null
}

async function doStep(work: StepWork): Promise<StepEnd> {
  const { client, git, plan, step_id, job } = work
  const project = await client.get(`/projects/${plan.run.project_id}`, Project)
  const step = plan.steps.find(({ id }) => id === step_id)
  if (!step) return { action: null, reason: 'The step was deleted from its plan.' }
  return inWorkplace({ project, git, step, job }, async (place) => {
    const brief = await briefOf(client, { ...plan, step, place: place.repository })
    const keep = keeper(client, step_id)
    await keep({ name: 'brief.md', media_type: 'text/markdown', content: brief })
    const outcome = await runWatched(work, step, place, brief)
    const spent = { usage: outcome.usage, cost_usd: outcome.cost_usd }
    if (!outcome.ok) {
      const { reason, message: why } = outcome
      if (reason === 'cancelled')
        return { action: null, reason: "The step is no longer this job's." }
      return {
        action: reason === 'timeout' ? 'timeout' : 'fail',
        reason: `${reason}: ${why}`,
        ...spent,
      }
    }
    await keep({ name: 'summary.md', media_type: 'text/markdown', content: outcome.summary })
    for (const file of await filesLeft(place.folder, work.log.add)) await keep(file)
    const kept: Kept = await place.keep(step)
    for (const artifact of kept.artifacts) await keep(artifact)
    if (kept.conflict) return { action: 'block', reason: kept.conflict, ...spent }
    return { action: 'complete', reason: null, ...spent }
  })
}

const keeper = (client: Api, stepId: number) => (artifact: NewArtifact) =>
  client.ask(`/steps/${stepId}/artifacts`, artifact, Artifact)

/** Runs the agent, and stops it where the step is taken out of this job's hands. */
async function runWatched(
  { client, agent, job, log, step_id }: StepWork,
  step: PlanStep,
  place: Workplace,
  prompt: string,
): Promise<AgentOutcome> {
  const timeout_seconds = Math.min(agent.timeout_seconds ?? usualTimeout, longestTimeout)
  const name = `${job.id}/step-${step_id}`
  const by_rule = async (hear: (line: AgentLine) => void) => rehearse(step, hear)
  const task = { name, prompt, folder: place.folder, timeout_seconds, by_rule }
  return whileRunning(client, step_id, job.id, async (signal, look) => {
    const outcome = await runAgent(agent, task, log.add, signal)
    await look()
    if (!signal.aborted) return outcome
    const { usage, cost_usd, session_id, denied } = outcome
    return { ok: false, reason: 'cancelled', message: '', usage, cost_usd, session_id, denied }
  })
}

/** Without a model there is nobody to do the step; that must not look as if it had been done. */
function rehearse(step: PlanStep, hear: (line: AgentLine) => void): string {
  const said =
    `This is a rehearsal: the built-in agent has no model, so nothing was done for "${step.step_name}" ` +
    'and no file was changed. What an agent would be told is in brief.md; choose one in the ' +
    'resource f/devgodzilla/agent.'
  hear({ stream: 'system', line: said })
  return said
}
