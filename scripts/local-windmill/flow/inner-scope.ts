import { randomUUID } from 'node:crypto'
import type { Json, JsonObject } from '../json.ts'
import type { FlowModule } from '../openflow/types.ts'
import { beginStep, endStep, type StepRow } from '../store/steps.ts'
import { asStep, type Outcome } from './outcome.ts'
import type { Placed } from './placed.ts'
import { stepPath } from './step-path.ts'

export type Inner = {
  kind: 'iteration' | 'branch'
  part: string | number
  modules: FlowModule[]
  /** Whether the others run beside it. */
  parallel: boolean
  /** What the modules see as flow_input, beyond the outer one. */
  input: JsonObject
  /** Results that the modules see before they have their own. */
  before?: Map<string, Json>
  /** What the outcome means once the modules are through; kept with it. */
  after?: (outcome: Outcome) => Promise<Outcome>
}

/** Runs one iteration or parallel branch, which has a row of its own, as it is a job on Windmill. */
export async function runInner(placed: Placed, around: StepRow, inner: Inner): Promise<Outcome> {
  const { run, scope, module } = placed
  run.patience.throwIfAborted()
  const { sql } = run.machinery
  const path = stepPath(placed.path, inner.part)
  const known = run.steps.get(path)
  if (known?.state === 'done') {
    const { result, stopped, skipped } = known
    return { success: known.success === true, result, stopped, skipped }
  }
  const row =
    known ??
    (await beginStep(sql, run.job, {
      id: randomUUID(),
      path,
      parent_id: around.id,
      module_id: module.id,
      kind: inner.kind,
      script_path: null,
      args: inner.input,
      plan: null,
    }))
  run.steps.set(path, row)
  const ended = await run.interpreter.runModules(
    run,
    {
      ...scope,
      path,
      id: row.id,
      flowInput: { ...scope.flowInput, ...inner.input },
      results: new Map(),
      outer: inner.before ? { ...scope, results: inner.before, outer: scope } : scope,
    },
    inner.modules,
    // An empty branch among several is a flow without steps; an empty loop body is not run at all.
    inner.kind === 'branch' ? scope.flowInput : [],
  )
  // Windmill asks the jobs of parts that run side by side themselves, and they may have recovered.
  const own = inner.parallel ? ended : asStep(ended)
  const outcome = inner.after ? await inner.after(own) : own
  const { success, result, stopped, skipped } = outcome
  await endStep(sql, run.job, path, { success, result, stopped, skipped, sleepUntil: null })
  run.steps.set(path, { ...row, state: 'done', success, result, stopped, skipped })
  return outcome
}
