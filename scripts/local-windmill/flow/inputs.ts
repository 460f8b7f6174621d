import type { Json, JsonObject } from '../json.ts'
import type { InputTransform, InputTransforms } from '../openflow/types.ts'
import { expressionScope } from './expression-scope.ts'
import type { FlowScope } from './flow-scope.ts'
import type { JobRun } from './job-run.ts'

/** Evaluates a step's inputs. References to variables and resources stay references. */
export async function evaluateInputs(
  run: JobRun,
  scope: FlowScope,
  transforms: InputTransforms | undefined,
  previous: Json,
): Promise<JsonObject> {
  const expressions: Record<string, string> = {}
  const inputs: JsonObject = {}
  for (const [name, transform] of Object.entries(transforms ?? {})) {
    if (transform.type === 'javascript') expressions[name] = transform.expr
    // Set in the order they are written, so that logs and forms keep it.
    inputs[name] = transform.type === 'static' ? (transform.value ?? null) : null
  }
  const visible = expressionScope(run, scope, { previous_result: previous })
  return { ...inputs, ...(await run.machinery.evaluator.evaluate(expressions, visible)) }
}

export async function evaluateOne(
  run: JobRun,
  scope: FlowScope,
  name: string,
  transform: InputTransform,
  extra: Record<string, Json>,
): Promise<Json> {
  if (transform.type === 'static') return transform.value ?? null
  const visible = expressionScope(run, scope, extra)
  const values = await run.machinery.evaluator.evaluate({ [name]: transform.expr }, visible)
  return values[name] ?? null
}

/** Whether an expression is truthy. */
export async function evaluateCondition(
  run: JobRun,
  scope: FlowScope,
  name: string,
  expr: string,
  extra: Record<string, Json>,
): Promise<boolean> {
  return Boolean(await evaluateOne(run, scope, name, { type: 'javascript', expr }, extra))
}

/**
 * Puts in the variables and resources that arguments name, just before a script runs: they are
 * never stored. Within arguments that were computed, only whole arguments count as references,
 * since what lies deeper may come from outside; fixed inputs are resolved at any depth.
 */
export async function resolveReferences(
  run: JobRun,
  args: JsonObject,
  transforms: InputTransforms | undefined,
): Promise<JsonObject> {
  const { values } = run.machinery
  const onSecret = (secret: string) => run.masks.add(secret)
  const resolved = await Promise.all(
    Object.entries(args).map(async ([name, value]): Promise<[string, Json]> => {
      if (transforms?.[name]?.type === 'static') {
        return [name, await values.interpolate(value, onSecret)]
      }
      return [name, typeof value === 'string' ? await values.dereference(value, onSecret) : value]
    }),
  )
  return Object.fromEntries(resolved)
}
