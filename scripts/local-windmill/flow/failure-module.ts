import { errorOf } from '../job-error.ts'
import { isObject } from '../json.ts'
import type { FlowModule } from '../openflow/types.ts'
import type { FlowScope } from './flow-scope.ts'
import type { JobRun } from './job-run.ts'
import type { Outcome } from './outcome.ts'
import { runModule } from './run-module.ts'
import { stepPath } from './step-path.ts'

/**
 * Runs the flow's failure module for a failure in this scope, unless it has run for it further
 * inside: as on Windmill, it runs in the innermost iteration, branch or flow. Its result becomes
 * the scope's, which stays failed unless the result says `recover: true`.
 */
export async function orHandled(run: JobRun, scope: FlowScope, outcome: Outcome): Promise<Outcome> {
  const { failureModule } = scope
  if (outcome.success || outcome.handled || !failureModule) return outcome
  const handled = await runModule(
    run,
    { ...scope, failureModule: undefined, error: errorOf(outcome.result) },
    { ...failureModule, continue_on_error: false },
    outcome.result,
  )
  const recovered = handled.success && isObject(handled.result) && handled.result.recover === true
  return { ...handled, success: recovered, stopped: false, handled: true }
}

/** Whether the failure module has run inside a module that failed; a sub-flow's is its own. */
export function isHandledInside(
  { steps }: JobRun,
  { path, failureModule }: FlowScope,
  { id, value }: FlowModule,
): boolean {
  if (!failureModule || !PARTED.includes(value.type)) return false
  const inside = `${stepPath(path, id)}/`
  const handler = `/${failureModule.id}`
  return [...steps.keys()].some((key) => key.startsWith(inside) && key.endsWith(handler))
}

const PARTED: string[] = ['forloopflow', 'whileloopflow', 'branchone', 'branchall']
