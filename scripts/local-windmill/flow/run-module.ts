import { randomUUID } from 'node:crypto'
import type { Sql, TransactionSql } from 'postgres'
import { sleepUntil } from '../interruption.ts'
import { errorOf } from '../job-error.ts'
import type { Json, JsonObject } from '../json.ts'
import type { FlowModule } from '../openflow/types.ts'
import { beginStep, endStep, retryStep, type StepRow } from '../store/steps.ts'
import type { FlowScope } from './flow-scope.ts'
import { evaluateCondition } from './inputs.ts'
import type { JobRun } from './job-run.ts'
import { perform, prepare } from './module-kinds.ts'
import { failedWith, type Outcome, stoppedBy, succeeded } from './outcome.ts'
import type { Placed, Preparation } from './placed.ts'
import { retryDelay } from './retry-delay.ts'
import { sleepAfter } from './sleep.ts'
import { stepPath } from './step-path.ts'
import { suspends } from './suspend.ts'

/**
 * Brings one module to its end, from wherever an earlier process left it: a finished one is not
 * run again, and the clock of its retry goes on.
 */
export async function runModule(
  run: JobRun,
  scope: FlowScope,
  module: FlowModule,
  previous: Json,
): Promise<Outcome> {
  run.patience.throwIfAborted()
  const placed = { run, scope, module, path: stepPath(scope.path, module.id) }
  let row = run.steps.get(placed.path)
  if (row?.state !== 'done') row = await runToEnd(placed, row, previous)
  return {
    success: row.success === true || (module.continue_on_error === true && !row.stopped),
    result: row.result,
    stopped: row.stopped,
    skipped: row.skipped,
  }
}

async function runToEnd(
  placed: Placed,
  begun: StepRow | undefined,
  previous: Json,
): Promise<StepRow> {
  const { run, scope } = placed
  let row = begun
  if (!row) {
    const start = await tryTo(placed, () => startModule(placed, previous))
    if ('outcome' in start) {
      return beginAtItsEnd(placed, start.outcome)
    }
    row = await begin(placed, start.value)
  }
  for (;;) {
    if (row.retry_at) await sleepUntil(row.retry_at, run.patience)
    const current = row
    const attempt = await tryTo(placed, () => perform(placed, current, previous))
    const outcome = 'outcome' in attempt ? attempt.outcome : attempt.value
    const wait = await tryTo(placed, () => delayAfter(placed, outcome, current.fail_count))
    if ('outcome' in wait) return finish(placed, row, wait.outcome)
    if (wait.value === null) return finish(placed, row, await decideNext(placed, outcome, scope))
    row = await retryLater(placed, row, wait.value)
  }
}

/** Seconds until the next attempt; null where this one was the last. */
async function delayAfter(
  { run, scope, module }: Placed,
  { success, stopped, result }: Outcome,
  failures: number,
): Promise<number | null> {
  const delay = success || stopped ? null : retryDelay(module.retry, failures)
  const condition = module.retry?.retry_if
  if (delay === null || !condition) return delay
  const error: JsonObject = { ...errorOf(result) }
  const extra = { result, previous_result: result, error }
  const again = await evaluateCondition(run, scope, 'retry_if', condition.expr, extra)
  return again ? delay : null
}

/** Skips the module, or finds out what it needs to begin. */
async function startModule(placed: Placed, previous: Json): Promise<Preparation> {
  const { run, scope, module } = placed
  const { skip_if } = module
  if (skip_if) {
    const extra = { previous_result: previous }
    if (await evaluateCondition(run, scope, 'skip_if', skip_if.expr, extra)) {
      throw new Skipped(previous)
    }
  }
  return prepare(placed, previous)
}

/** Ends a module at its gate. */
class Skipped {
  readonly result: Json

  constructor(result: Json) {
    this.result = result
  }
}

/** A failure of the step, or its being skipped, is an outcome; all else goes up. */
async function tryTo<T>(
  { module, run }: Placed,
  task: () => Promise<T>,
): Promise<{ value: T } | { outcome: Outcome }> {
  try {
    return { value: await task() }
  } catch (thrown) {
    if (thrown instanceof Skipped)
      return { outcome: { ...succeeded(thrown.result), skipped: true } }
    return { outcome: failedWith(thrown, module.id, run.masks) }
  }
}

type Decided = Outcome & { sleepUntil?: Date }

/** What a module's success means for the flow: stop here, or rest before the next one. */
async function decideNext(placed: Placed, outcome: Outcome, scope: FlowScope): Promise<Decided> {
  const { module, run } = placed
  if (!outcome.success || outcome.skipped || outcome.stopped) return outcome
  const { result } = outcome
  const extra = { result, previous_result: result }
  const decision = await tryTo(placed, async (): Promise<Decided> => {
    const name = isManifold(module) ? 'stop_after_all_iters_if' : 'stop_after_if'
    const stop = module[name]
    if (stop && (await evaluateCondition(run, scope, name, stop.expr, extra))) {
      return stoppedBy(stop, outcome)
    }
    // Where people are waited for, the sleep begins when they have answered.
    const end = suspends(module) ? null : await sleepAfter(placed, result)
    return end ? { ...outcome, sleepUntil: end } : outcome
  })
  return 'outcome' in decision ? decision.outcome : decision.value
}

/** Loops look at their stop_after_if after each iteration, and a branchall not at all. */
function isManifold({ value }: FlowModule): boolean {
  return ['forloopflow', 'whileloopflow', 'branchall'].includes(value.type)
}

/** A module that ends at its gate: a crash in between would let it begin without its arguments. */
async function beginAtItsEnd(placed: Placed, outcome: Outcome): Promise<StepRow> {
  return placed.run.machinery.sql.begin(async (tx) => {
    const row = await begin(placed, { args: null, plan: null, scriptPath: null }, tx)
    return finish(placed, row, outcome, tx)
  })
}

async function begin(
  placed: Placed,
  start: Preparation,
  sql: Sql | TransactionSql = placed.run.machinery.sql,
): Promise<StepRow> {
  const { run, scope, module, path } = placed
  const row = await beginStep(sql, run.job, {
    id: randomUUID(),
    path,
    parent_id: scope.id,
    module_id: module.id,
    kind: module.value.type,
    script_path: start.scriptPath,
    args: start.args,
    plan: start.plan,
  })
  run.steps.set(path, row)
  return row
}

async function finish(
  placed: Placed,
  row: StepRow,
  outcome: Decided,
  sql: Sql | TransactionSql = placed.run.machinery.sql,
): Promise<StepRow> {
  const { run, path } = placed
  const { success, result, stopped, skipped } = outcome
  const sleep_until = outcome.sleepUntil ?? null
  await endStep(sql, run.job, path, {
    success,
    result,
    stopped,
    skipped,
    sleepUntil: sleep_until,
  })
  const ended: StepRow = { ...row, state: 'done', success, result, stopped, skipped, sleep_until }
  run.steps.set(path, ended)
  return ended
}

async function retryLater(placed: Placed, row: StepRow, delaySeconds: number): Promise<StepRow> {
  const { run, path } = placed
  const fail_count = row.fail_count + 1
  const retry_at = new Date(Date.now() + delaySeconds * 1000)
  await retryStep(run.machinery.sql, run.job, path, fail_count, retry_at)
  for (const inner of run.steps.keys()) if (inner.startsWith(`${path}/`)) run.steps.delete(inner)
  const waiting: StepRow = { ...row, state: 'retrying', fail_count, retry_at }
  run.steps.set(path, waiting)
  return waiting
}
