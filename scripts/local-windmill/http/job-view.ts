import { isObject } from '../json.ts'
import type { FlowModule, FlowValue } from '../openflow/types.ts'
import type { AnyJob } from '../store/any-job.ts'
import type { JobRow } from '../store/jobs.ts'
import type { StepRow } from '../store/steps.ts'
import type { SuspensionView } from '../store/suspensions.ts'

const STEP_KINDS: Record<string, string> = {
  script: 'script',
  rawscript: 'flowscript',
  identity: 'identity',
}

/**
 * A job or step as Windmill shows it; `children` are the steps of the flow that it is, and `waits`
 * what is or was waited for behind those.
 */
export function jobView(
  { job, step }: AnyJob,
  flow: FlowValue | null,
  children: StepRow[],
  waits: SuspensionView[] = [],
) {
  const common = {
    workspace_id: job.workspace,
    created_by: job.created_by,
    permissioned_as: `u/${job.created_by}`,
    email: job.created_by,
    canceled: job.canceled_by !== null,
    ...(job.canceled_by !== null && {
      canceled_by: job.canceled_by,
      canceled_reason: job.canceled_reason,
    }),
    visible_to_owner: true,
    tag: 'local',
    language: 'bun',
  }
  const own = step ? stepFields(step) : jobFields(job)
  const status = flow && { raw_flow: flow, flow_status: flowStatus(flow, children, job, waits) }
  const open = job.completed_at ? undefined : waits.find(({ outcome }) => outcome === null)
  const suspend = open && { suspend: Math.max(0, open.required_events - open.received) }
  return { ...common, ...own, ...suspend, ...status }
}

function jobFields(job: JobRow) {
  return {
    id: job.id,
    job_kind: job.kind,
    script_path: job.path,
    args: job.args,
    ...(job.parent_job && { parent_job: job.parent_job }),
    ...(job.trigger_kind && { trigger_kind: job.trigger_kind, trigger: job.trigger }),
    ...(job.trigger_kind === 'schedule' && { schedule_path: job.trigger }),
    created_at: job.created_at,
    scheduled_for: job.scheduled_for,
    is_flow_step: false,
    ...ending(job),
  }
}

function stepFields(step: StepRow) {
  return {
    id: step.id,
    parent_job: step.parent_id,
    job_kind: STEP_KINDS[step.kind] ?? 'flow',
    ...(step.script_path && { script_path: step.script_path }),
    args: step.args ?? {},
    created_at: step.started_at,
    is_flow_step: true,
    flow_step_id: step.module_id,
    ...ending(step),
  }
}

function ending(row: JobRow | StepRow) {
  const { started_at, completed_at, success, skipped, result } = row
  if (!completed_at) {
    const running = 'state' in row ? row.state === 'running' : started_at !== null
    return { type: 'QueuedJob', running, ...(started_at && { started_at }) }
  }
  const began = started_at ?? completed_at
  return {
    type: 'CompletedJob',
    success,
    is_skipped: skipped,
    result,
    started_at: began,
    completed_at,
    duration_ms: completed_at.getTime() - began.getTime(),
  }
}

/** Which module stands where, from the steps that have begun. */
function flowStatus(flow: FlowValue, steps: StepRow[], job: JobRow, waits: SuspensionView[]) {
  const byModule = new Map(
    steps.filter(({ kind }) => !isInner(kind)).map((step) => [step.module_id, step]),
  )
  const view = (module: FlowModule) => moduleStatus(module, byModule.get(module.id), steps)
  const modules = withRests(flow.modules).map((module, index, all) => {
    const before = byModule.get(all[index - 1]?.id ?? '')
    const wait = waits.find(({ step_id }) => step_id === before?.id)
    const own = { ...view(module), ...approversOf(module, byModule, waits) }
    return wait ? behindWait(own, wait) : module.virtual ? behindRest(own, before) : own
  })
  const step = modules.findIndex(({ type }) => type !== 'Success')
  const preprocessor = byModule.get('preprocessor') ? flow.preprocessor_module : undefined
  return {
    step: job.preprocess ? -1 : step < 0 ? modules.length : step,
    modules,
    ...(preprocessor && { preprocessor_module: view(preprocessor) }),
    failure_module: flow.failure_module
      ? view(flow.failure_module)
      : { type: 'WaitingForPriorSteps', id: 'failure' },
    user_states: job.user_states,
  }
}

type Listed = FlowModule & { virtual?: boolean }

/** Windmill puts one more module behind a last one that rests: it stands for the rest. */
function withRests(modules: FlowModule[]): Listed[] {
  const last = modules.at(-1)
  if (!last || (!last.suspend && !last.sleep)) return modules
  return [...modules, { id: `${last.id}-v`, value: { type: 'identity' }, virtual: true }]
}

function behindWait(status: { id: string; type: string }, wait: SuspensionView) {
  const { outcome, required_events: count, step_id: job } = wait
  if (outcome === null) return { type: 'WaitingForEvents', id: status.id, count, job }
  if (isObject(outcome) && outcome.failure !== null) return { ...status, type: 'Failure', job }
  return status.id.endsWith('-v') ? { ...status, type: 'Success', job } : status
}

function behindRest(status: { id: string; type: string }, before: StepRow | undefined) {
  const rests = before?.sleep_until && before.sleep_until > new Date()
  return before?.success && !before.stopped && !rests ? { ...status, type: 'Success' } : status
}

function approversOf(module: FlowModule, rows: Map<string, StepRow>, waits: SuspensionView[]) {
  const wait = waits.find(({ step_id }) => step_id === rows.get(module.id)?.id)
  return isObject(wait?.outcome) && { approvers: wait.outcome.answers ?? [] }
}

const STATES = { running: 'InProgress', retrying: 'WaitingForExecutor' } as const

function moduleStatus(module: FlowModule, step: StepRow | undefined, all: StepRow[]) {
  if (!step) return { type: 'WaitingForPriorSteps', id: module.id }
  const type = step.state === 'done' ? (step.success ? 'Success' : 'Failure') : STATES[step.state]
  const inner = all
    .filter(({ parent_id, kind }) => parent_id === step.id && isInner(kind))
    .sort((a, b) => place(a) - place(b))
  const plan = step.plan as { items?: unknown[]; branch?: number | null } | null
  return {
    type,
    id: module.id,
    job: step.id,
    ...(step.skipped && { skipped: true }),
    ...(step.fail_count > 0 && { fail_count: step.fail_count }),
    ...(step.progress !== null && { progress: step.progress }),
    ...(inner.length > 0 && {
      flow_jobs: inner.map(({ id }) => id),
      flow_jobs_success: inner.map(({ success }) => success),
    }),
    ...(module.value.type === 'forloopflow' && {
      iterator: { index: Math.max(0, inner.length - 1), itered_len: plan?.items?.length ?? 0 },
    }),
    ...(module.value.type === 'whileloopflow' && {
      iterator: { index: Math.max(0, inner.length - 1), itered_len: inner.length },
    }),
    ...(module.value.type === 'branchone' && {
      branch_chosen:
        typeof plan?.branch === 'number'
          ? { type: 'branch', branch: plan.branch }
          : { type: 'default' },
    }),
  }
}

function isInner(kind: string): boolean {
  return kind === 'iteration' || kind === 'branch'
}

/** Those that run side by side begin in any order; their paths end in their number. */
function place({ path }: StepRow): number {
  return Number(path.match(/\d+$/)?.[0] ?? 0)
}
