import { randomUUID } from 'node:crypto'

/** Where a script runs, as Windmill tells it through its environment. */
export interface Job {
  /** This job, or a made-up id outside of Windmill. */
  id: string
  /** The flow that everything here belongs to: one correlation id for the whole story. */
  root: string
  /** The same for every attempt of one step: what an idempotency key may be made of. */
  step: string
  /** Who started the flow. */
  user: string | undefined
}

type Environment = Record<string, string | undefined>

export function currentJob(environment: Environment = process.env): Job {
  const value = (name: string) => environment[name] || undefined
  const id = value('WM_JOB_ID') ?? randomUUID()
  const flow = value('WM_FLOW_JOB_ID')
  const step = value('WM_FLOW_STEP_ID')
  return {
    id,
    root: value('WM_ROOT_FLOW_JOB_ID') ?? flow ?? id,
    // A retried step is a new job of the same flow, so the job's own id would not do.
    step: flow && step ? `${flow}/${step}` : id,
    user: value('WM_USERNAME') ?? value('WM_EMAIL'),
  }
}

/** The job of the flow that this is a step of, at its top; outside of a flow, this job. */
export const flowJob = (environment: Environment = process.env): string =>
  environment.WM_FLOW_JOB_ID || currentJob(environment).id
