import { StepFailure } from '../job-error.ts'
import type { Json } from '../json.ts'
import { FlowRefused } from '../openflow/check-flow.ts'
import type { FlowValue, PathFlow } from '../openflow/types.ts'
import type { StepRow } from '../store/steps.ts'
import { evaluateInputs } from './inputs.ts'
import { asStep, type Outcome } from './outcome.ts'
import type { Placed, Preparation } from './placed.ts'

const DEEPEST = 20

/** Reads the flow now: a restart goes on with the flow that was begun. */
export async function prepareSubflow(
  placed: Placed,
  value: PathFlow,
  previous: Json,
): Promise<Preparation> {
  const { run, scope } = placed
  if (scope.depth >= DEEPEST) {
    throw new StepFailure('TooDeep', `flows are nested more than ${DEEPEST} deep`)
  }
  const checked = await run.machinery.files.flow(value.path).catch((error) => {
    if (error instanceof FlowRefused) throw new StepFailure('FlowRefused', error.message)
    throw error
  })
  if (!checked) throw new StepFailure('NotFound', `flow ${value.path} does not exist`)
  return {
    args: await evaluateInputs(run, scope, value.input_transforms, previous),
    plan: checked.flow.value as unknown as Json,
    scriptPath: value.path,
  }
}

/** A stop inside ends the sub-flow alone. */
export async function performSubflow(placed: Placed, row: StepRow): Promise<Outcome> {
  const { run, scope, path } = placed
  const outcome = await run.interpreter.runFlow(
    run,
    {
      path,
      id: row.id,
      flowPath: row.script_path ?? scope.flowPath,
      flowInput: row.args ?? {},
      results: new Map(),
      outer: scope,
      depth: scope.depth + 1,
      flowEnv: {},
    },
    row.plan as unknown as FlowValue,
  )
  return { ...asStep(outcome), stopped: false, skipped: false }
}
