import { StepFailure } from '../job-error.ts'
import type { Json } from '../json.ts'
import type { ForloopFlow } from '../openflow/types.ts'
import type { StepRow } from '../store/steps.ts'
import { inParallel } from './in-parallel.ts'
import { evaluateOne } from './inputs.ts'
import { endsLoop, loopOutcome, runIteration } from './iteration.ts'
import type { Outcome } from './outcome.ts'
import type { Placed, Preparation } from './placed.ts'

type Plan = { items: Json[] }

/** The items are fixed before the first iteration: a restart loops over the same ones. */
export async function prepareForloop(
  placed: Placed,
  value: ForloopFlow,
  previous: Json,
): Promise<Preparation> {
  const { run, scope } = placed
  const items = await evaluateOne(run, scope, 'iterator', value.iterator, {
    previous_result: previous,
  })
  if (!Array.isArray(items)) {
    throw new StepFailure(
      'IteratorError',
      `the iterator must be an array, not ${items === null ? 'null' : typeof items}`,
    )
  }
  return { args: null, plan: { items } satisfies Plan, scriptPath: null }
}

export async function performForloop(
  placed: Placed,
  value: ForloopFlow,
  row: StepRow,
  previous: Json,
): Promise<Outcome> {
  const { run } = placed
  const { items } = row.plan as Plan
  const iteration = (item: Json, index: number, soFar: Outcome[] | null = null) =>
    runIteration(placed, row, { modules: value.modules, item, index, soFar })
  const outcomes = value.parallel
    ? await inParallel(
        items.map((item, index) => () => iteration(item, index)),
        await parallelism(placed, value, previous),
        (ms) => run.bell.next(ms, run.patience),
      )
    : await oneByOne(items, iteration, value.skip_failures === true)
  return loopOutcome(outcomes, value.skip_failures === true)
}

async function oneByOne(
  items: Json[],
  iteration: (item: Json, index: number, soFar: Outcome[]) => Promise<Outcome>,
  skipFailures: boolean,
): Promise<Outcome[]> {
  const outcomes: Outcome[] = []
  for (const [index, item] of items.entries()) {
    outcomes.push(await iteration(item, index, outcomes))
    if (endsLoop(outcomes, skipFailures)) break
  }
  return outcomes
}

async function parallelism(placed: Placed, value: ForloopFlow, previous: Json): Promise<number> {
  const { run, scope } = placed
  const given = value.parallelism
  if (given === undefined || given === null) return Number.POSITIVE_INFINITY
  const limit =
    typeof given === 'number'
      ? given
      : await evaluateOne(run, scope, 'parallelism', given, { previous_result: previous })
  if (limit === null) return Number.POSITIVE_INFINITY
  if (typeof limit === 'number' && limit >= 1) return Math.floor(limit)
  throw new StepFailure(
    'ParallelismError',
    `parallelism must be a number from 1, not ${JSON.stringify(limit)}`,
  )
}
