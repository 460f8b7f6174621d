import type { FlowModule, FlowValue } from '../openflow/types.ts'
import type { AnyJob } from '../store/any-job.ts'
import { findStep, type StepRow } from '../store/steps.ts'
import type { Services } from './services.ts'

type Sql = Services['machinery']['sql']

/**
 * The modules that a job or step goes through: on Windmill sub-flows, iterations and branches are
 * flows too. Null for a script, and for a loop as a whole.
 */
export async function flowInside(sql: Sql, { job, step }: AnyJob): Promise<FlowValue | null> {
  if (!step) return job.definition?.value ?? null
  if (step.kind === 'flow') return step.plan as unknown as FlowValue
  if (step.kind !== 'iteration' && step.kind !== 'branch' && step.kind !== 'branchone') return null
  const parent = step.parent_id === job.id ? null : await findStep(sql, step.parent_id)
  // Parts carry the id of their module, and belong to its step.
  const loop = step.kind === 'branchone' ? step : parent
  if (!loop) return null
  const around = step.kind === 'branchone' ? parent : await parentOf(sql, job.id, loop)
  const flow = await flowInside(sql, { job, step: around })
  const module = flow && moduleOf(flow, step.module_id)
  const modules = module && modulesOf(module, step)
  // Its own failures are handled inside of it.
  return modules
    ? { modules, ...(flow.failure_module && { failure_module: flow.failure_module }) }
    : null
}

/** What the flow calls a step; its id where it has no summary. */
export async function nameOfStep(sql: Sql, { job, step }: AnyJob): Promise<string | null> {
  if (!step) return null
  const around = await flowInside(sql, { job, step: await parentOf(sql, job.id, step) })
  return (around && moduleOf(around, step.module_id)?.summary) || step.module_id
}

async function parentOf(sql: Sql, jobId: string, step: StepRow): Promise<StepRow | null> {
  return step.parent_id === jobId ? null : findStep(sql, step.parent_id)
}

function moduleOf(flow: FlowValue, id: string): FlowModule | undefined {
  return [...flow.modules, flow.failure_module].find((module) => module?.id === id)
}

function modulesOf({ value }: FlowModule, step: StepRow): FlowModule[] | null {
  if (value.type === 'forloopflow' || value.type === 'whileloopflow') return value.modules
  if (value.type === 'branchall') {
    const index = Number(step.path.match(/branch-(\d+)$/)?.[1])
    return value.branches[index]?.modules ?? []
  }
  if (value.type !== 'branchone') return null
  const { branch } = step.plan as { branch: number | null }
  return branch === null ? value.default : (value.branches[branch]?.modules ?? [])
}
