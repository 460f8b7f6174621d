import type { FlowModule, FlowStatusModule, Job, QueuedJob } from 'windmill-client'
import type { FlowRun, FlowRunState, FlowStep } from '../../core/entities/flow-run.ts'

type StatusModule = FlowStatusModule

export function flowRunOf(job: Job): FlowRun {
  const ended = job.type === 'CompletedJob'
  return {
    job_id: job.id,
    path: job.script_path ?? '',
    state: stateOf(job),
    created_by: job.created_by ?? '',
    created_at: moment(job.created_at) ?? new Date(0).toISOString(),
    started_at: moment(job.started_at),
    completed_at: ended ? endOf(job) : null,
    schedule: job.schedule_path ?? null,
  }
}

function stateOf(job: Job): FlowRunState {
  if (job.type === 'CompletedJob') {
    if (job.canceled) return 'cancelled'
    return job.success ? 'completed' : 'failed'
  }
  const { suspend = 0, running } = job as QueuedJob
  if (suspend > 0) return 'waiting'
  return running || job.started_at ? 'running' : 'queued'
}

/** Older servers tell how long a job took, and not when it ended. */
export function endOf(job: Job): string | null {
  if (job.type !== 'CompletedJob') return null
  if (job.completed_at) return moment(job.completed_at)
  const began = Date.parse(job.started_at)
  return Number.isNaN(began) ? null : new Date(began + job.duration_ms).toISOString()
}

const moment = (time: string | undefined) => {
  const at = Date.parse(time ?? '')
  return Number.isNaN(at) ? null : new Date(at).toISOString()
}

const states: Record<StatusModule['type'], FlowStep['state']> = {
  WaitingForPriorSteps: 'pending',
  WaitingForExecutor: 'queued',
  WaitingForEvents: 'waiting',
  InProgress: 'running',
  Success: 'completed',
  Failure: 'failed',
}

/** The steps of a flow in order; those of its failure handler only where it ran. */
export function stepsOf(job: Job): FlowStep[] {
  const { flow_status: status, raw_flow: flow } = job
  if (!status) return []
  const defined = new Map((flow?.modules ?? []).map((module) => [module.id, module]))
  const before = status.preprocessor_module ? [status.preprocessor_module] : []
  const failure = status.failure_module.job ? [{ ...status.failure_module, id: 'failure' }] : []
  if (flow?.preprocessor_module) defined.set('preprocessor', flow.preprocessor_module)
  if (flow?.failure_module) defined.set('failure', flow.failure_module)
  return [...before, ...status.modules, ...failure]
    .filter(({ id, type }) => !isRest(id) || type === 'WaitingForEvents')
    .map((module) => stepOf(module, defined.get(module.id ?? '')))
}

/** Windmill puts one more module behind a last one that waits; it stands for that alone. */
const isRest = (id: string | undefined) => id?.endsWith('-v') ?? false

function stepOf(status: StatusModule, module: FlowModule | undefined): FlowStep {
  const value = module?.value as { type: string; path?: string } | undefined
  const parts = status.flow_jobs ?? []
  // What waits carries the job of the step before it.
  const own = status.type === 'WaitingForEvents' ? undefined : status.job
  return {
    id: status.id ?? '',
    summary: module?.summary || (status.id ?? ''),
    kind: value?.type ?? 'unknown',
    path: value?.path ?? null,
    state: status.skipped ? 'skipped' : states[status.type],
    job_id: own ?? null,
    has_steps: value?.type === 'flow' && own !== undefined,
    attempts: own ? 1 + (status.failed_retries?.length ?? failCountOf(status)) : 0,
    progress: status.progress ?? null,
    started_at: null,
    completed_at: null,
    parts: parts.map((job_id, nth) => ({
      job_id,
      success: status.flow_jobs_success?.[nth] ?? null,
    })),
    parts_total: status.iterator?.itered_len ?? (status.branchall ? status.branchall.len : null),
  }
}

const failCountOf = (status: StatusModule) =>
  'fail_count' in status && typeof status.fail_count === 'number' ? status.fail_count : 0
