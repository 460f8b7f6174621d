import type { Json } from '../json.ts'
import type { StepRow } from '../store/steps.ts'
import { performBranchAll, performBranchOne, prepareBranchOne } from './branches.ts'
import { performForloop, prepareForloop } from './forloop.ts'
import { evaluateInputs } from './inputs.ts'
import { type Outcome, succeeded } from './outcome.ts'
import type { Placed, Preparation } from './placed.ts'
import { performPathScript, performRawScript } from './scripts.ts'
import { performSubflow, prepareSubflow } from './subflow.ts'
import { performWhileloop } from './whileloop.ts'

/** @throws StepFailure when an expression fails */
export async function prepare(placed: Placed, previous: Json): Promise<Preparation> {
  const { run, scope, module } = placed
  const { value } = module
  if (module.mock?.enabled) return { args: null, plan: null, scriptPath: null }
  switch (value.type) {
    case 'script':
    case 'rawscript':
      return {
        args: scope.preprocessing
          ? scope.flowInput
          : await evaluateInputs(run, scope, value.input_transforms, previous),
        plan: null,
        scriptPath: value.type === 'script' ? value.path : null,
      }
    case 'flow':
      return prepareSubflow(placed, value, previous)
    case 'forloopflow':
      return prepareForloop(placed, value, previous)
    case 'branchone':
      return prepareBranchOne(placed, value, previous)
    case 'whileloopflow':
    case 'branchall':
    case 'identity':
      return { args: null, plan: null, scriptPath: null }
  }
}

/** One attempt at a module that has begun. @throws StepFailure, or the run's Interruption */
export async function perform(placed: Placed, row: StepRow, previous: Json): Promise<Outcome> {
  const { value, mock } = placed.module
  if (mock?.enabled) return succeeded(mock.return_value ?? null)
  switch (value.type) {
    case 'script':
      return performPathScript(placed, value, row, previous)
    case 'rawscript':
      return performRawScript(placed, value, row, previous)
    case 'flow':
      return performSubflow(placed, row)
    case 'forloopflow':
      return performForloop(placed, value, row, previous)
    case 'whileloopflow':
      return performWhileloop(placed, value, row)
    case 'branchone':
      return performBranchOne(placed, value, row)
    case 'branchall':
      return performBranchAll(placed, value, row)
    case 'identity':
      return succeeded(previous)
  }
}
