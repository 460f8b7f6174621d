import { parseExpression } from './expression.ts'
import { fieldsOf, isFields, textOf } from './json.ts'
import { names, type Report } from './problem.ts'
import type { Scope } from './scope.ts'
import type { Workspace } from './workspace.ts'

/** Checks where a value comes from: an expression, or something fixed that may be a reference. */
export function checkTransform(
  workspace: Workspace,
  transform: unknown,
  scope: Scope,
  where: string,
  report: Report,
): void {
  if (!isFields(transform)) return
  if (transform.type === 'javascript') {
    checkExpression(workspace, textOf(transform.expr), scope, where, report)
  }
  if (transform.type === 'static') checkReference(workspace, textOf(transform.value), where, report)
}

/** `$res:path` and `$var:path` must be in the workspace. */
export function checkReference(
  workspace: Workspace,
  value: string,
  where: string,
  report: Report,
): void {
  const [, kind, path = ''] = /^\$(res|var):(.*)$/s.exec(value) ?? []
  if (kind === 'res') checkResource(workspace, path, where, report)
  if (kind === 'var') checkVariable(workspace, path, where, report)
}

function checkResource(
  { resources }: Workspace,
  path: string,
  where: string,
  report: Report,
): void {
  if (resources.has(path)) return
  report(
    where,
    'unknown-resource',
    `there is no resource ${path}: there is ${names(resources.keys())}`,
  )
}

function checkVariable(
  { variables }: Workspace,
  path: string,
  where: string,
  report: Report,
): void {
  if (variables.has(path)) return
  report(
    where,
    'unknown-variable',
    `there is no variable ${path}: there is ${names(variables.keys())}`,
  )
}

export function checkExpression(
  workspace: Workspace,
  expression: string,
  scope: Scope,
  where: string,
  report: Report,
): void {
  const mentions = parseExpression(expression)
  if (typeof mentions === 'string') {
    report(where, 'expression', `${JSON.stringify(expression)} does not parse: ${mentions}`)
    return
  }
  for (const id of new Set(mentions.results)) {
    if (scope.earlier.has(id)) continue
    const message = `results.${id} does not exist here: the modules before it are ${names(scope.earlier)}`
    report(where, 'unknown-result', message)
  }
  for (const name of new Set(mentions.flowInput)) {
    if (!scope.flowInput || scope.flowInput.has(name)) continue
    const message = `flow_input.${name} is no argument of the flow: it has ${names(scope.flowInput)}`
    report(where, 'unknown-argument', message)
  }
  for (const name of new Set(mentions.names)) {
    if (scope.names.has(name)) continue
    report(where, 'unknown-name', `${name} means nothing here: there is ${names(scope.names)}`)
  }
  for (const path of mentions.resources) checkResource(workspace, path, where, report)
  for (const path of mentions.variables) checkVariable(workspace, path, where, report)
}

/** The type of the resource that a transform names; undefined where it names none. */
export function resourceTypeOf(workspace: Workspace, transform: unknown): string | undefined {
  const path = /^\$res:(.*)$/s.exec(textOf(fieldsOf(transform).value))?.[1]
  const file = workspace.resources.get(path ?? '')
  return file ? textOf(fieldsOf(workspace.documents.get(file)).resource_type) : undefined
}
