import type { Job } from 'windmill-client'
import { getFlowRun as getCommand, readFlowRunLog as logCommand } from '../../commands/flow-runs.ts'
import { grants } from '../../core/entities/access.ts'
import type { FlowApproval, FlowRunDetail, FlowStep } from '../../core/entities/flow-run.ts'
import { findProject } from '../../store/projects.ts'
import { findProtocol, newestProtocolOfJob } from '../../store/protocols.ts'
import { query } from '../query.ts'
import type { Read } from '../runtime.ts'
import { waitOf } from './approval.ts'
import type { FlowJobs } from './flow-jobs.ts'
import { jobsOf, ourJob } from './ours.ts'
import { endOf, flowRunOf, stepsOf } from './view.ts'
import { withoutSecrets } from './without-secrets.ts'

/** Steps whose times are asked for at once. */
const atOnce = 8

export const getFlowRun = query(getCommand, async (read, { job_id }): Promise<FlowRunDetail> => {
  const jobs = jobsOf(read.runtime)
  const job = await ourJob(jobs, job_id)
  // What flows are given and answer may hold anything: it is for those who could run them.
  const withheld = !grants(read.caller.role, 'plan')
  const ended = job.type === 'CompletedJob'
  return {
    ...flowRunOf(job),
    kind: job.job_kind,
    parent_job_id: job.parent_job ?? null,
    cancelled_by: job.canceled_by ?? null,
    cancel_reason: withheld ? null : (job.canceled_reason ?? null),
    withheld,
    args: withheld ? null : ((withoutSecrets(job.args ?? {}) ?? {}) as Record<string, unknown>),
    result: withheld || !ended ? null : (withoutSecrets(job.result) ?? null),
    error: withheld ? null : errorOf(job),
    steps: await timed(jobs, stepsOf(job)),
    approval: await approvalOf(jobs, job, withheld),
    protocol_run: await protocolOf(read, job),
  }
})

export const readFlowRunLog = query(logCommand, async ({ runtime }, { job_id, offset }) => {
  const jobs = jobsOf(runtime)
  // Asked first: what is written between the two is read with the log, never lost behind its end.
  const { type } = await ourJob(jobs, job_id)
  const { text, next } = await jobs.log(job_id, offset)
  return { text, next_offset: next, completed: type === 'CompletedJob' }
})

function errorOf(job: Job): FlowRunDetail['error'] {
  if (job.type !== 'CompletedJob' || job.success) return null
  // A loop that failed answers what each of its rounds did, and those may be loops themselves.
  const results = [job.result].flat(20) as ({ error?: Record<string, unknown> } | null)[]
  const error = results.find((it) => typeof it?.error?.message === 'string')?.error
  if (!error) return null
  return {
    name: String(error.name ?? 'Error'),
    message: String(error.message),
    step: typeof error.step_id === 'string' ? error.step_id : null,
  }
}

/** A step's times stand with its job alone. */
async function timed(jobs: FlowJobs, steps: FlowStep[]): Promise<FlowStep[]> {
  const all: FlowStep[] = []
  for (let from = 0; from < steps.length; from += atOnce) {
    const some = steps.slice(from, from + atOnce).map(async (step) => {
      const job = step.job_id ? await jobs.find(step.job_id) : undefined
      if (!job) return step
      const { started_at } = flowRunOf(job)
      return { ...step, started_at, completed_at: endOf(job) }
    })
    all.push(...(await Promise.all(some)))
  }
  return all
}

async function approvalOf(
  jobs: FlowJobs,
  job: Job,
  withheld: boolean,
): Promise<FlowApproval | null> {
  const wait = waitOf(job)
  if (!wait) return null
  const asking = withheld ? undefined : await jobs.find(wait.jobId)
  const said = asking?.type === 'CompletedJob' ? (asking.result as Record<string, unknown>) : {}
  const { description, default_args: defaults } = said ?? {}
  return {
    step: wait.step,
    job_id: wait.jobId,
    needed: wait.needed,
    message: typeof description === 'string' ? description : null,
    form: wait.settings.resume_form?.schema ?? null,
    defaults: (withoutSecrets(isObject(defaults) ? defaults : {}) ?? {}) as Record<string, unknown>,
    may_reject: wait.settings.hide_cancel !== true,
  }
}

async function protocolOf({ db }: Read, job: Job): Promise<FlowRunDetail['protocol_run']> {
  const named = (job.args as Record<string, unknown> | undefined)?.protocol_id
  const run =
    (await newestProtocolOfJob(db, job.id)) ??
    (Number.isSafeInteger(named) ? await findProtocol(db, Number(named)) : undefined)
  const project = run && (await findProject(db, run.project_id))
  return run && project ? { id: run.id, project_id: project.id, project_slug: project.slug } : null
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
