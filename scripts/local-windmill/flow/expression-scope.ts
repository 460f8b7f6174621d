import type { ExpressionScope } from '../expressions/evaluator.ts'
import type { Json } from '../json.ts'
import type { FlowScope } from './flow-scope.ts'
import type { JobRun } from './job-run.ts'

/** What an expression sees at this place, beside names that `extra` adds. */
export function expressionScope(
  run: JobRun,
  scope: FlowScope,
  extra: Record<string, Json>,
): ExpressionScope {
  const { values } = run.machinery
  return {
    globals: {
      flow_input: scope.flowInput,
      flow_env: scope.flowEnv,
      error: (scope.error ?? null) as Json,
      resume: scope.approval?.resumes.at(-1) ?? null,
      resumes: scope.approval?.resumes ?? [],
      approvers: scope.approval?.approvers ?? [],
      ...extra,
    },
    resultIds: () => [...new Set(scopes(scope).flatMap((one) => [...one.results.keys()]))],
    result: (id) =>
      scopes(scope)
        .find((one) => one.results.has(id))
        ?.results.get(id) ?? null,
    lookup: (kind, path) =>
      kind === 'variable'
        ? values.readVariable(path, (secret) => run.masks.add(secret))
        : values.readResource(path, (secret) => run.masks.add(secret)),
  }
}

/** From the inside out: the nearest result of an id counts. */
function scopes(scope: FlowScope): FlowScope[] {
  return scope.outer ? [scope, ...scopes(scope.outer)] : [scope]
}
