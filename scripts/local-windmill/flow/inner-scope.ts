import { randomUUID } from 'node:crypto'
import type { JsonObject } from '../json.ts'
import type { FlowModule } from '../openflow/types.ts'
import { beginStep, endStep, type StepRow } from '../store/steps.ts'
import type { Outcome } from './outcome.ts'
import type { Placed } from './placed.ts'
import { stepPath } from './step-path.ts'

export type Inner = {
  kind: 'iteration' | 'branch'
  part: string | number
  modules: FlowModule[]
  /** What the modules see as flow_input, beyond the outer one. */
  input: JsonObject
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
  const outcome = await run.interpreter.runModules(
    run,
    {
      ...scope,
      path,
      id: row.id,
      flowInput: { ...scope.flowInput, ...inner.input },
      results: new Map(),
      outer: scope,
    },
    inner.modules,
    [],
  )
  const { success, result, stopped, skipped } = outcome
  await endStep(sql, run.job, path, { success, result, stopped, skipped, sleepUntil: null })
  run.steps.set(path, { ...row, state: 'done', success, result, stopped, skipped })
  return outcome
}
