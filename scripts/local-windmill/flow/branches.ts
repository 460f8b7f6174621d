import { StepFailure } from '../job-error.ts'
import type { Json } from '../json.ts'
import type { BranchAll, BranchOne } from '../openflow/types.ts'
import type { StepRow } from '../store/steps.ts'
import { inParallel } from './in-parallel.ts'
import { runInner } from './inner-scope.ts'
import { evaluateCondition } from './inputs.ts'
import { asStep, failed, type Outcome, succeeded } from './outcome.ts'
import type { Placed, Preparation } from './placed.ts'
import { stepPath } from './step-path.ts'

/** Which branch was taken; null is the default one. */
type Plan = { branch: number | null }

export async function prepareBranchOne(
  placed: Placed,
  value: BranchOne,
  previous: Json,
): Promise<Preparation> {
  const extra = { result: previous, previous_result: previous }
  let branch: number | null = null
  for (const [index, { expr }] of value.branches.entries()) {
    const name = `the condition of branch ${index + 1}`
    if (await evaluateCondition(placed.run, placed.scope, name, expr, extra)) {
      branch = index
      break
    }
  }
  return { args: null, plan: { branch } satisfies Plan, scriptPath: null }
}

/** A stop inside goes on to the flow around. */
export async function performBranchOne(
  placed: Placed,
  value: BranchOne,
  row: StepRow,
): Promise<Outcome> {
  const { run, scope, path } = placed
  const { branch } = row.plan as Plan
  const modules = branch === null ? value.default : value.branches[branch]?.modules
  if (!modules) throw new StepFailure('BranchError', 'the branch that was taken is gone')
  const inner = {
    ...scope,
    path: stepPath(path, branch === null ? 'default' : `branch-${branch}`),
    id: row.id,
    results: new Map(),
    outer: scope,
  }
  return asStep(await run.interpreter.runModules(run, inner, modules, []))
}

export async function performBranchAll(
  placed: Placed,
  value: BranchAll,
  row: StepRow,
): Promise<Outcome> {
  const { run } = placed
  const parallel = value.parallel !== false
  const part = { kind: 'branch', input: {}, parallel } as const
  const tasks = value.branches.map(
    ({ modules }, index) =>
      () =>
        runInner(placed, row, { ...part, part: `branch-${index}`, modules }),
  )
  const outcomes = parallel
    ? await inParallel(tasks, Number.POSITIVE_INFINITY, (ms) => run.bell.next(ms, run.patience))
    : await oneByOne(tasks, value)
  const results = outcomes.map(({ result }) => result)
  const failure = outcomes.some(
    ({ success }, index) => !success && !value.branches[index]?.skip_failure,
  )
  if (failure) return failed(results)
  // Side by side, a stop ends its own branch alone.
  const stop = parallel ? undefined : outcomes.find((outcome) => outcome.stopped)
  return {
    ...succeeded(results),
    stopped: stop !== undefined,
    skipped: stop?.skipped ?? false,
  }
}

async function oneByOne(tasks: (() => Promise<Outcome>)[], value: BranchAll): Promise<Outcome[]> {
  const outcomes: Outcome[] = []
  for (const [index, task] of tasks.entries()) {
    const outcome = await task()
    outcomes.push(outcome)
    if (outcome.stopped || (!outcome.success && !value.branches[index]?.skip_failure)) break
  }
  return outcomes
}
