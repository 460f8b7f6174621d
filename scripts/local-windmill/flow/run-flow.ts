import { isObject, type Json, type JsonObject } from '../json.ts'
import type { FlowValue } from '../openflow/types.ts'
import { orHandled } from './failure-module.ts'
import type { FlowScope } from './flow-scope.ts'
import { evaluateCondition } from './inputs.ts'
import type { JobRun } from './job-run.ts'
import { failedWith, type Outcome } from './outcome.ts'
import { preprocess } from './preprocess.ts'
import { runModules } from './run-modules.ts'
import { stepPath } from './step-path.ts'

/** Runs a whole flow: its modules, and after a failure its failure module. */
export async function runFlow(run: JobRun, around: FlowScope, value: FlowValue): Promise<Outcome> {
  const scope = { ...around, failureModule: value.failure_module }
  return orHandled(run, scope, await runToEnd(run, scope, value))
}

/** Fills in what `scope` lacks before the first module. */
async function runToEnd(run: JobRun, scope: FlowScope, value: FlowValue): Promise<Outcome> {
  try {
    scope.flowEnv = await environment(run, value.flow_env)
    if (scope.path === '' && run.job.preprocess) {
      const made = await preprocess(run, scope, value)
      if (!made.success) return made
      scope.flowInput = run.job.args
    }
    if (await isSkipped(run, scope, value)) {
      return { success: true, result: 'stopped early', stopped: true, skipped: true }
    }
  } catch (thrown) {
    return failedWith(thrown, '', run.masks)
  }
  return runModules(run, scope, value.modules, scope.flowInput)
}

/** Read each time, and never stored: it may hold secrets. */
async function environment(run: JobRun, written: JsonObject | undefined): Promise<JsonObject> {
  const onSecret = (secret: string) => run.masks.add(secret)
  const env: Json = await run.machinery.values.interpolate(written ?? {}, onSecret)
  return isObject(env) ? env : {}
}

/** Asked before the first module alone: a flow that has begun goes on. */
async function isSkipped(
  run: JobRun,
  scope: FlowScope,
  { skip_expr, modules: [first] }: FlowValue,
): Promise<boolean> {
  if (!skip_expr || !first || run.steps.has(stepPath(scope.path, first.id))) return false
  const extra = { WM_SCHEDULED_FOR: run.job.scheduled_for.toISOString() }
  return evaluateCondition(run, scope, 'skip_expr', skip_expr, extra)
}
