/** What an expression at one place of a flow may mention. */
export interface Scope {
  /** Ids of modules that have run by then, in this list of modules and those around it. */
  earlier: Set<string>
  /** Names of the flow's arguments; undefined where the flow has no schema. */
  flowInput: Set<string> | undefined
  /** Names in scope besides JavaScript's own. */
  names: Set<string>
}

const everywhere = [
  'flow_input',
  'results',
  'previous_result',
  'resume',
  'resumes',
  'approvers',
  'flow_env',
  'variable',
  'resource',
]

export const topScope = (flowInput: Set<string> | undefined): Scope => ({
  earlier: new Set(),
  flowInput,
  names: new Set(everywhere),
})

/** A copy that later additions do not reach: the inside of a loop, a branch, a handler. */
export const inner = (scope: Scope, more: { input?: string[]; names?: string[] } = {}): Scope => ({
  earlier: new Set(scope.earlier),
  flowInput: scope.flowInput && new Set([...scope.flowInput, ...(more.input ?? [])]),
  names: new Set([...scope.names, ...(more.names ?? [])]),
})
