import type { Json } from '../json.ts'
import type { FlowModule } from '../openflow/types.ts'
import type { FlowScope } from './flow-scope.ts'
import type { JobRun } from './job-run.ts'
import { type Outcome, succeeded } from './outcome.ts'
import { runModule } from './run-module.ts'

/** Runs modules one after another, until one fails or stops the flow around it. */
export async function runModules(
  run: JobRun,
  scope: FlowScope,
  modules: FlowModule[],
  whenEmpty: Json,
): Promise<Outcome> {
  let outcome = succeeded(whenEmpty)
  let previous: Json = scope.flowInput
  for (const module of modules) {
    outcome = await runModule(run, scope, module, previous)
    if (!outcome.success) return outcome
    scope.results.set(module.id, outcome.result)
    if (outcome.stopped) return outcome
    previous = outcome.result
  }
  return outcome
}
