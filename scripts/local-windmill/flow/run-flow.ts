import { errorOf } from '../job-error.ts'
import { isObject } from '../json.ts'
import type { FlowValue } from '../openflow/types.ts'
import type { FlowScope } from './flow-scope.ts'
import type { JobRun } from './job-run.ts'
import type { Outcome } from './outcome.ts'
import { runModule } from './run-module.ts'
import { runModules } from './run-modules.ts'

/**
 * Runs a whole flow: its modules, and after a failure its failure module, once. That module's
 * result becomes the flow's, which stays failed unless the result says `recover: true`.
 */
export async function runFlow(run: JobRun, scope: FlowScope, value: FlowValue): Promise<Outcome> {
  const outcome = await runModules(run, scope, value.modules, scope.flowInput)
  if (outcome.success || !value.failure_module) return outcome
  const error = errorOf(outcome.result)
  const handled = await runModule(
    run,
    { ...scope, error },
    { ...value.failure_module, continue_on_error: false },
    outcome.result,
  )
  const recovered = handled.success && isObject(handled.result) && handled.result.recover === true
  return { ...handled, success: recovered, stopped: false }
}
