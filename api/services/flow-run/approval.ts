import type { Job } from 'windmill-client'

export interface Wait {
  /** The module behind which the flow waits. */
  step: string
  /** The job of that module. */
  jobId: string
  needed: number
  settings: {
    user_groups_required?: unknown
    self_approval_disabled?: unknown
    hide_cancel?: boolean
    resume_form?: { schema?: Record<string, unknown> }
  }
}

/**
 * What a flow waits for now. Windmill marks the module after the one that asks: it is the one that
 * waits for events.
 */
export function waitOf(job: Job): Wait | undefined {
  if (job.type === 'CompletedJob') return undefined
  const waiting = job.flow_status?.modules.find(({ type }) => type === 'WaitingForEvents')
  if (!waiting?.job) return undefined
  const asking = job.flow_status?.modules.find((it) => it.job === waiting.job && it !== waiting)
  const module = job.raw_flow?.modules.find(({ id }) => id === asking?.id)
  return {
    step: module?.summary || (asking?.id ?? ''),
    jobId: waiting.job,
    needed: ('suspend' in job ? job.suspend : undefined) ?? waiting.count ?? 1,
    settings: (module?.suspend ?? {}) as Wait['settings'],
  }
}
