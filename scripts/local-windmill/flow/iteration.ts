import { isObject, type Json, type JsonObject } from '../json.ts'
import type { FlowModule } from '../openflow/types.ts'
import type { StepRow } from '../store/steps.ts'
import { runInner } from './inner-scope.ts'
import { evaluateCondition } from './inputs.ts'
import { failed, type Outcome, succeeded } from './outcome.ts'
import type { Placed } from './placed.ts'

export type Iteration = {
  modules: FlowModule[]
  item: Json
  index: number
  /** The iterations before this one; null where they run side by side. */
  soFar: Outcome[] | null
  before?: Map<string, Json>
}

/** Runs one iteration. Where they follow one another, the loop's stop_after_if may end it there. */
export async function runIteration(
  placed: Placed,
  row: StepRow,
  { modules, item, index, soFar, before }: Iteration,
): Promise<Outcome> {
  const { iter } = placed.scope.flowInput
  const input: JsonObject = {
    ...(isObject(iter) && { iter_parent: iter }),
    iter: { index, value: item },
  }
  return runInner(placed, row, {
    ...{ kind: 'iteration', part: index, modules, input, parallel: soFar === null },
    ...(before && { before }),
    ...(soFar && { after: (outcome) => orStopped(placed, outcome, soFar) }),
  })
}

async function orStopped(
  { run, scope, module }: Placed,
  outcome: Outcome,
  soFar: Outcome[],
): Promise<Outcome> {
  const stop = module.stop_after_if
  if (!stop || !outcome.success || outcome.stopped) return outcome
  const { result } = outcome
  const all_iters = [...soFar.map((earlier) => earlier.result), result]
  const extra = { result, previous_result: result, all_iters }
  const stopped = await evaluateCondition(run, scope, 'stop_after_if', stop.expr, extra)
  return { ...outcome, stopped }
}

/** Whether the latest iteration stops the loop or, unless failures are skipped, fails it. */
export function endsLoop(outcomes: Outcome[], skipFailures: boolean): boolean {
  const last = outcomes.at(-1)
  return last !== undefined && (last.stopped || (!last.success && !skipFailures))
}

/** All results in order, those of failed iterations among them. */
export function loopOutcome(outcomes: Outcome[], skipFailures: boolean): Outcome {
  const results = outcomes.map(({ result }) => result)
  const failure = !skipFailures && outcomes.some(({ success }) => !success)
  return failure ? failed(results) : succeeded(results)
}
