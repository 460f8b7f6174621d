import { sleepUntil } from '../interruption.ts'
import type { Json } from '../json.ts'
import type { FlowModule } from '../openflow/types.ts'
import { isHandledInside, orHandled } from './failure-module.ts'
import type { Approval, FlowScope } from './flow-scope.ts'
import type { JobRun } from './job-run.ts'
import { type Outcome, succeeded } from './outcome.ts'
import { runModule } from './run-module.ts'
import { stepPath } from './step-path.ts'
import { suspends, waitForApproval } from './suspend.ts'

/** Runs the modules of a scope, and after a failure the failure module of the flow around. */
export async function runModules(
  run: JobRun,
  scope: FlowScope,
  modules: FlowModule[],
  whenEmpty: Json,
): Promise<Outcome> {
  return orHandled(run, scope, await oneByOne(run, scope, modules, whenEmpty))
}

/** One after another, until one fails or stops the flow around it. */
async function oneByOne(
  run: JobRun,
  scope: FlowScope,
  modules: FlowModule[],
  whenEmpty: Json,
): Promise<Outcome> {
  let outcome = succeeded(whenEmpty)
  let previous: Json = scope.flowInput
  let approval: Approval | undefined
  for (const module of modules) {
    outcome = await runModule(run, { ...scope, approval }, module, previous)
    if (!outcome.success) {
      const handled = !outcome.stopped && isHandledInside(run, scope, module)
      return { ...outcome, handled }
    }
    scope.results.set(module.id, outcome.result)
    if (outcome.stopped) return outcome
    previous = outcome.result
    const rest = await restAfter(run, scope, module, outcome)
    if ('refused' in rest) return rest.refused
    approval = rest.approval
  }
  return outcome
}

/** What a module asks for between itself and the next one: people's approval, then a sleep. */
async function restAfter(
  run: JobRun,
  scope: FlowScope,
  module: FlowModule,
  outcome: Outcome,
): Promise<{ approval: Approval | undefined } | { refused: Outcome }> {
  const path = stepPath(scope.path, module.id)
  const waits = suspends(module) && run.steps.get(path)?.success === true && !outcome.skipped
  const end = waits
    ? await waitForApproval({ run, scope, module, path }, outcome)
    : { approval: undefined }
  const until = run.steps.get(path)?.sleep_until
  if (until && !('refused' in end)) await sleepUntil(until, run.patience)
  return end
}
